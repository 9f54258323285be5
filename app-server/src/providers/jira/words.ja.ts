// What people read of the Jira tools, in Japanese.
export const ja = {
  Jira: 'Jira',
  'Find, read, create and change issues in Jira Cloud, with your own account.':
    'Jira Cloudの課題を、自分のアカウントで検索し、読み、作成し、変更します。',
  'see projects, issues, comments and people in your Jira':
    'あなたのJiraのプロジェクト、課題、コメント、メンバーを見る',
  'create and change issues in your Jira, comment and log work in your name':
    'あなたのJiraで課題を作成、変更し、あなたの名前でコメントと作業ログを記録する',
  'Search Jira issues': 'Jiraの課題を検索',
  'Read a Jira issue': 'Jiraの課題を読む',
  'Create a Jira issue': 'Jiraの課題を作成',
  'Change a Jira issue': 'Jiraの課題を変更',
  'Move a Jira issue to another status': 'Jiraの課題のステータスを変更',
  'List the transitions of a Jira issue': 'Jiraの課題のトランジションの一覧',
  'Assign a Jira issue': 'Jiraの課題の担当者を設定',
  'Find people in Jira': 'Jiraのメンバーを検索',
  'Comment on a Jira issue': 'Jiraの課題にコメント',
  'List the comments of a Jira issue': 'Jiraの課題のコメントの一覧',
  'Log work on a Jira issue': 'Jiraの課題に作業を記録',
  'List the work logged on a Jira issue': 'Jiraの課題の作業ログの一覧',
  'Link two Jira issues': '二つのJiraの課題をリンク',
  'List Jira projects': 'Jiraのプロジェクトの一覧',
  'Read a Jira project': 'Jiraのプロジェクトを読む',
  'Choose Create, then OAuth 2.0 integration, and give it a name that people will recognise.':
    '「Create」、「OAuth 2.0 integration」の順に選び、見て分かる名前を付けます。',
  'Under Permissions add the User identity API with read:me, and the Jira API with the classic scopes read:jira-work, read:jira-user and write:jira-work.':
    '「Permissions」で、User identity APIをread:meとともに、Jira APIをclassicスコープread:jira-work、read:jira-user、write:jira-workとともに追加します。',
  'Under Authorization add OAuth 2.0 (3LO) and enter the callback URL shown here.':
    '「Authorization」でOAuth 2.0 (3LO)を追加し、ここに表示されているコールバックURLを入力します。',
  'Under Distribution choose Sharing, so that people other than you can connect.':
    'あなた以外の人も接続できるように、「Distribution」で「Sharing」を選びます。',
  'Copy the client ID and the secret from Settings into the fields here.':
    '「Settings」からクライアントIDとシークレットを、ここの欄にコピーします。',
  'Atlassian has no way to end an authorization for the person: who disconnects here removes the application at https://id.atlassian.com/manage-profile/apps as well.':
    'Atlassianには、本人に代わって許可を終了する方法がありません。ここで接続を解除する人は、https://id.atlassian.com/manage-profile/apps でもアプリケーションを削除します。',
  'API token': 'APIトークン',
  'Create an API token. One with scopes needs read:jira-work and read:jira-user, and write:jira-work to change anything.':
    'APIトークンを作成します。スコープ付きの場合はread:jira-workとread:jira-userが必要です。何かを変更するにはwrite:jira-workも必要です。',
  Site: 'サイト',
  'The address of your Jira in the browser, e.g. https://your-company.atlassian.net':
    'ブラウザーに表示されるJiraのアドレス（例: https://your-company.atlassian.net）',
  'E-mail address': 'メールアドレス',
  'The one of your Atlassian account.': 'Atlassianアカウントのメールアドレスです。',
}
