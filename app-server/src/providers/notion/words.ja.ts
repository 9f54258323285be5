// What people read of the Notion tools, in Japanese.
export const ja = {
  Notion: 'Notion',
  'Search, read and write pages and databases of your Notion workspaces.':
    'Notionのワークスペースのページとデータベースを検索し、読み書きします。',
  'read the Notion pages, databases and comments that you share with it':
    'あなたが共有するNotionのページ、データベース、コメントを読む',
  'create, change and delete those Notion pages, and comment on them':
    'それらのNotionのページを作成、変更、削除し、コメントする',
  'Search Notion': 'Notionを検索',
  'Read a page': 'ページを読む',
  'Create a page': 'ページを作成',
  'Change a page': 'ページを変更',
  'Add content to a page': 'ページに内容を追加',
  'Rewrite a page': 'ページを書き直す',
  'List the blocks of a page': 'ページのブロックの一覧',
  'Change a block': 'ブロックを変更',
  'Delete a block': 'ブロックを削除',
  'Delete a page': 'ページを削除',
  'Restore a page': 'ページを復元',
  'Look at a database': 'データベースを確認',
  'Query a database': 'データベースに問い合わせ',
  'Read comments': 'コメントを読む',
  'Write a comment': 'コメントを書く',
  'List people': 'メンバーの一覧',
  'Create a new connection, choose OAuth (a public connection) and a name that people will recognise.':
    '新しいコネクションを作成し、OAuth（public connection）と、見て分かる名前を選びます。',
  'Enter the redirect URI shown here under OAuth domain & URIs.':
    'ここに表示されているリダイレクトURIを、「OAuth domain & URIs」に入力します。',
  'Under Capabilities, turn on reading, updating and inserting content, reading and inserting comments, and user information without e-mail addresses.':
    '「Capabilities」で、コンテンツの読み取り、更新、挿入、コメントの読み取りと挿入、メールアドレスを含まないユーザー情報をオンにします。',
  'Copy the OAuth client ID and the client secret from the Configuration tab and enter both here.':
    '「Configuration」タブからOAuthクライアントIDとクライアントシークレットをコピーし、両方をここに入力します。',
  'internal connection token': 'internal connectionのトークン',
  'Create an internal connection for your workspace, copy its access token (it begins with ntn_), and add the pages it may see under its Content access tab or by ••• → Connections on a page.':
    'ワークスペースにinternal connectionを作成し、そのアクセストークン（ntn_で始まります）をコピーします。見せるページは、「Content access」タブか、ページの「•••」→「Connections」から追加します。',
}
