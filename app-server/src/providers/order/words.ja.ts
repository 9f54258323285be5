// What people read of the order tools, in Japanese.
export const ja = {
  Orders: '注文',
  'Order products and look at your orders.': '商品を注文し、自分の注文を確認します。',
  'order products in your name and cancel your orders': 'あなたの名前で商品を注文し、あなたの注文を取り消す',
  'see your orders': 'あなたの注文を見る',
  'Place an order': '注文する',
  'Show an order': '注文を表示',
  'List my orders': '自分の注文の一覧',
  'Cancel an order': '注文を取り消す',
}
