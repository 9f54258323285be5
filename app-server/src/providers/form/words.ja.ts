// What people read of the form tools, in Japanese.
export const ja = {
  Forms: 'フォーム',
  'Fill in forms and look at what you have submitted.': 'フォームに記入し、提出した内容を確認します。',
  'see forms and what you have submitted': 'フォームと、あなたが提出した内容を見る',
  'submit forms in your name': 'あなたの名前でフォームを提出する',
  'List forms': 'フォームの一覧',
  'Show a form': 'フォームを表示',
  'Submit a form': 'フォームを提出',
  'List my submissions': '自分の提出の一覧',
}
