// What people read of the booking tools, in Japanese.
export const ja = {
  Bookings: '予約',
  'Book appointments: services, free slots, and your own bookings.':
    'サービスと空き時間を調べて予約し、自分の予約を管理します。',
  'see services, free times and your bookings': 'サービス、空き時間、あなたの予約を見る',
  'book appointments in your name': 'あなたの名前で予約する',
  'move your bookings to another time': 'あなたの予約を別の時間に変更する',
  'cancel your bookings': 'あなたの予約を取り消す',
  'List services to book': '予約できるサービスの一覧',
  'Find free slots': '空き時間を検索',
  'Book a slot': '予約する',
  'List my bookings': '自分の予約の一覧',
  'Move a booking': '予約の時間を変更',
  'Cancel a booking': '予約を取り消す',
}
