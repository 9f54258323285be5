// The page kit in Japanese, with what failures and their pages say.

/*
 * One word for one thing, in every room:
 *   account アカウント · administrator 管理者 · approve 承認する · argument 引数 · audit log 監査ログ · block 停止する · call 呼び出し ·
 *   chat チャット · client クライアント · connect 接続する · connection 接続 · consent 同意 · credential 資格情報 · deny 拒否する ·
 *   disconnect 接続を解除する · e-mail メール · entry 記録 · grant 許可 · message メッセージ · model モデル · operator サーバーの運用担当者 ·
 *   page ページ · person ユーザー · program プログラム · provider プロバイダー · request リクエスト · room ルーム · scope スコープ ·
 *   server サーバー · service サービス · session セッション · sign in サインインする · suspend 停止する · token トークン · tool ツール ·
 *   withdraw (access) (アクセスを)取り消す
 * Sentences are です・ます; headings, buttons and states are nouns or verbs in their plain form. Latin words and numbers stand
 * without spaces around them.
 */
export const ja = {
  // The frame
  'Skip to the content': '本文へ移動',
  'One checkpoint between your programs and the services they act on.':
    'プログラムと、プログラムが操作するサービスとのあいだに立つ、ただ一つの関所です。',
  Menu: 'メニュー',
  Main: 'メイン',
  'Sign out': 'サインアウト',
  'Signed in as': 'サインイン中のユーザー:',
  Language: '言語',

  // The kit
  Note: 'お知らせ',
  Done: '完了',
  Mind: 'ご注意',
  'Not done': '実行できませんでした',
  Copy: 'コピー',
  'Copy {what}': '{what}をコピー',
  'just now': 'たった今',
  '{count, plural, one {# minute} other {# minutes}} ago': '{count, plural, other {#分前}}',
  '{count, plural, one {# hour} other {# hours}} ago': '{count, plural, other {#時間前}}',
  '{count, plural, one {# day} other {# days}} ago': '{count, plural, other {#日前}}',
  Search: '検索',
  Pages: 'ページ送り',
  'Back to the first page': '最初のページに戻る',
  'Next page': '次のページ',
  'Go back': '戻る',

  // Failures
  'Go to the home page': 'ホームへ',
  'Sign in': 'サインイン',
  'Sign in with another account': '別のアカウントでサインイン',
  Reference: '照会番号',
  'The request is not well formed': 'リクエストの形式が正しくありません',
  'The arguments do not fit': '引数が正しくありません',
  'The access token is missing, expired or not valid here': 'アクセストークンがないか、期限切れか、ここでは使えません',
  'Sign in first': 'サインインが必要です',
  'The access token does not cover this': 'このアクセストークンでは許可されていません',
  'You may not do this': 'この操作は許可されていません',
  'An account must be connected first': '先にアカウントの接続が必要です',
  'The person has to approve this call first': '先にこの呼び出しの承認が必要です',
  'The person did not approve this call': 'この呼び出しは承認されませんでした',
  'This account is not active': 'このアカウントは現在使えません',
  'This form is out of date': 'このフォームは古くなっています',
  'There is no such thing here': '見つかりません',
  'There is no tool of that name': 'その名前のツールはありません',
  'There is no method of that name': 'その名前のメソッドはありません',
  'This address does not take that HTTP method': 'このアドレスではそのHTTPメソッドを使えません',
  'This does not fit the present state': '現在の状態ではこの操作を行えません',
  'That time is no longer free': 'その時間はもう空いていません',
  'Not enough in stock': '在庫が足りません',
  'That idempotency key was used for something else': 'その冪等キーは別の内容ですでに使われています',
  'The request is too large': 'リクエストが大きすぎます',
  'That content type is not taken here': 'その形式のデータはここでは受け付けていません',
  'Too many requests': 'リクエストが多すぎます',
  'The caller gave up': '呼び出しが中断されました',
  'Something went wrong on our side': 'こちら側で問題が発生しました',
  'The service behind this did not do it': '接続先のサービスが処理できませんでした',
  'The service cannot answer right now': '現在サービスが応答できません',
  'It took too long': '時間がかかりすぎました',
}
