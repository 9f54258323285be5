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
  Account: 'アカウント',
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

  // What the browser says by itself
  Copied: 'コピーしました',
  'Press Ctrl+C': 'Ctrl+Cを押してください',
  'The text is selected, press Control and C to copy it': 'テキストを選択しました。ControlとCを押すとコピーできます',
  Pause: '一時停止',
  'Go on': '再開する',
  'Paused at {time}.': '{time}に一時停止しました。',
  'Updated at {time}, every {seconds} seconds.': '{time}に更新（{seconds}秒ごと）',
  'Not updated since {time}: the server does not answer. Still trying.':
    'サーバーが応答しないため、{time}から更新されていません。再試行しています。',

  // Texts of others
  'Image: {what}': '画像: {what}',
  Image: '画像',
  'To do': '未完了',
  Text: 'テキスト',
  'Footnote {number}': '脚注{number}',
  Footnotes: '脚注',

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
  'The body could not be read. Send well-formed JSON (or a form), in UTF-8, as the content type says.':
    '内容を読み取れませんでした。コンテンツタイプどおりに、UTF-8の正しい形式のJSON（またはフォーム）を送ってください。',
  'There is nothing at this address. Check it for a typing error.':
    'このアドレスには何もありません。入力の誤りがないか確認してください。',
  'This address exists, but not for that HTTP method.': 'このアドレスはありますが、そのHTTPメソッドは使えません。',
  'The body is larger than this address takes. Send less at once.':
    '内容が大きすぎて受け付けられません。一度に送る量を減らしてください。',
  'The content type or encoding is not taken here. Send application/json in UTF-8.':
    'そのコンテンツタイプまたは文字コードは受け付けていません。UTF-8のapplication/jsonを送ってください。',
  'The database does not answer right now. A change may or may not have been made: look before you repeat it, or repeat it with the same idempotency_key.':
    '現在、データベースが応答しません。変更が行われたかどうかは分かりません。繰り返す前に確認するか、同じidempotency_keyで繰り返してください。',
  'This is our fault and has been written down. Try again; if it stays, tell the operator the reference {reference}.':
    'こちら側の問題です。記録しましたので、もう一度お試しください。続くようなら、照会番号{reference}を運用担当者にお伝えください。',
  'This server does not go by the name in the Host header. Use {address}, or have the operator add the name to ALLOWED_HOSTS.':
    'このサーバーは、Hostヘッダーの名前では応答しません。{address}を使うか、その名前をALLOWED_HOSTSに追加するよう運用担当者に依頼してください。',
  'This request came from another web site. Open {address} and try again there.':
    'このリクエストは別のウェブサイトから送信されました。{address}を開いて、そこでもう一度お試しください。',
}
