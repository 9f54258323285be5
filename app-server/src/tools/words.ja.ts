// What the pages of the tools say, in Japanese.
export const ja = {
  looks: '閲覧',
  changes: '変更',
  adds: '追加',

  // All tools
  API: 'API',
  'Direct API': 'ダイレクトAPI',
  'OpenAPI document': 'OpenAPI文書',
  'Every tool over plain HTTP, for scripts and programs that do not speak MCP. The same rules hold, and the same log.':
    'MCPを使わないスクリプトやプログラムのために、すべてのツールをHTTPで呼び出せます。規則もログも同じです。',
  'How to call': '呼び出し方',
  'A program sends an access token. It gets one as MCP clients do, by OAuth.':
    'プログラムはアクセストークンを送ります。MCPクライアントと同じく、OAuthで取得します。',
  'With an access token': 'アクセストークンを使う場合',
  'In a browser where you are signed in, your session is enough; a write carries its token as well.':
    'サインイン中のブラウザーでは、セッションだけで呼び出せます。書き込みの場合は、セッションのトークンも送ります。',
  'In this browser’s console': 'このブラウザーのコンソールで使う場合',
  'A failure is a problem document (RFC 9457) that says what to do next. The header {header} makes a repeated write act once.':
    '失敗すると、次にすべきことを示すproblem文書（RFC 9457）が返ります。ヘッダー{header}を付けると、書き込みを繰り返しても一度しか実行されません。',
  'No tools yet': 'ツールはまだありません',
  'Nothing is installed on this server. Whoever runs it can add providers.':
    'このサーバーには何もインストールされていません。運用担当者がプロバイダーを追加できます。',
  'Tools of {provider}': '{provider}のツール',
  Tool: 'ツール',
  'What it does': '内容',
  Effect: '作用',
  Scope: 'スコープ',

  // One tool
  'All tools': 'すべてのツール',
  Name: '名前',
  Address: 'アドレス',
  Parameters: 'パラメーター',
  'It takes none.': 'パラメーターはありません。',
  'Parameters of {tool}': '{tool}のパラメーター',
  Kind: '種類',
  'What it is': '説明',
  needed: '必須',
  'Try it': '試す',
  'It runs in your name and changes nothing.': 'あなたの名前で実行します。何も変更しません。',
  'It runs in your name and acts for real, exactly as when a program calls it.':
    'あなたの名前で、プログラムが呼び出したときと同じように、実際に実行します。',
  Arguments: '引数',
  'One JSON object. The needed parameters are there already, the others you can add.':
    'JSONオブジェクトを一つ入力します。必須のパラメーターは入力済みです。ほかは必要に応じて追加してください。',
  'Run it': '実行',
  'Really run “{tool}”?': '本当に「{tool}」を実行しますか？',
  Answer: '結果',
  'It ran': '実行しました',
  'The call stands in the log like any other.': 'この呼び出しも、ほかと同じようにログに記録されています。',
  Result: '結果',
  'This needs an account of yours, with the access it asks for. Then run it again.':
    '必要なアクセスを許可したあなたのアカウントの接続が必要です。接続してから、もう一度実行してください。',
  'Connect an account': 'アカウントを接続',
  Problem: '問題',
  'The arguments are not one JSON object, so nothing was run. Mind the quotes and the commas.':
    '引数が一つのJSONオブジェクトになっていないため、何も実行していません。引用符とコンマを確認してください。',
  'There is no tool "{name}" here. {path} lists what there is.': 'ツール"{name}"はありません。一覧は{path}にあります。',

  // Kinds of parameters
  'one of {choices}': '次のいずれか: {choices}',
  '{one} or {other}': '{one}または{other}',
  id: 'ID',
  text: 'テキスト',
  'whole number': '整数',
  number: '数値',
  'true or false': 'trueまたはfalse',
  'list of {kind}': '{kind}のリスト',
  list: 'リスト',
  object: 'オブジェクト',
  'any value': '任意の値',
  '{kind}, {least} to {most}': '{kind}（{least}から{most}まで）',
  '{kind}, {least} or more': '{kind}（{least}以上）',
  '{kind}, {most} or less': '{kind}（{most}以下）',
}
