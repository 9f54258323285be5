// What people read of the GitHub tools, in Japanese.
export const ja = {
  GitHub: 'GitHub',
  'Repositories, files, issues, pull requests and workflow runs at GitHub.':
    'GitHubのリポジトリ、ファイル、イシュー、プルリクエスト、ワークフローの実行を扱います。',
  'read the repositories of your GitHub account, private ones too: files, issues, pull requests, workflow runs':
    'あなたのGitHubアカウントのリポジトリ（非公開を含む）のファイル、イシュー、プルリクエスト、ワークフローの実行を読む',
  'change your GitHub repositories: open and close issues, comment, review and merge pull requests, write files, start workflows':
    'あなたのGitHubリポジトリを変更する: イシューの作成とクローズ、コメント、プルリクエストのレビューとマージ、ファイルの書き込み、ワークフローの開始',
  'List repositories': 'リポジトリの一覧',
  'Look at a repository': 'リポジトリを確認',
  'List branches': 'ブランチの一覧',
  'List commits': 'コミットの一覧',
  'List changed files': '変更されたファイルの一覧',
  'List a folder': 'フォルダーの一覧',
  'Read a file': 'ファイルを読む',
  'Write a file': 'ファイルを書く',
  'Begin a branch': 'ブランチを作成',
  'Search code': 'コードを検索',
  'Search issues and pull requests': 'イシューとプルリクエストを検索',
  'List issues': 'イシューの一覧',
  'Read an issue': 'イシューを読む',
  'Open an issue': 'イシューを作成',
  'Change an issue': 'イシューを変更',
  'Comment on an issue or pull request': 'イシューやプルリクエストにコメント',
  'List pull requests': 'プルリクエストの一覧',
  'Look at a pull request': 'プルリクエストを確認',
  'List review comments': 'レビューコメントの一覧',
  'Open a pull request': 'プルリクエストを作成',
  'Review a pull request': 'プルリクエストをレビュー',
  'Merge a pull request': 'プルリクエストをマージ',
  'List workflow runs': 'ワークフローの実行の一覧',
  'Look at a workflow run': 'ワークフローの実行を確認',
  'Read the log of a job': 'ジョブのログを読む',
  'Run a workflow run again': 'ワークフローを再実行',
  'Run a workflow': 'ワークフローを実行',
  'An OAuth app is made at once and works for all of a person\'s repositories: choose "New OAuth App". GitHub has no read-only permission for its kind, so people are asked for "repo", reading and writing, even where programs here may only read; Sekisho holds programs to what they were given.':
    'OAuth appはすぐに作成でき、その人のすべてのリポジトリで使えます。「New OAuth App」を選びます。この種類にはGitHubに読み取り専用の権限がないため、ここのプログラムに読み取りしか許可しない場合でも、読み書きの「repo」が求められます。プログラムが許可された範囲を超えないことは、Sekishoが守ります。',
  'A GitHub App is finer: choose "New GitHub App", switch "Webhook" off, and give the repository permissions Contents, Issues, Pull requests and Actions (read and write), Checks and Metadata (read). Leave "Expire user authorization tokens" on: Sekisho renews them. People then install the app on the repositories it shall reach.':
    'GitHub Appはより細かく設定できます。「New GitHub App」を選び、「Webhook」をオフにして、リポジトリの権限Contents、Issues、Pull requests、Actions（読み書き）とChecks、Metadata（読み取り）を与えます。「Expire user authorization tokens」はオンのままにします。トークンはSekishoが更新します。使う人は、対象のリポジトリにアプリをインストールします。',
  'At GitHub Enterprise Server the same pages are below your own address; GITHUB_URL and GITHUB_API_URL (with /api/v3) say where that is.':
    'GitHub Enterprise Serverでは、同じページが自社のアドレスの下にあります。その場所はGITHUB_URLとGITHUB_API_URL（/api/v3を含む）で指定します。',
  'Enter the callback address shown here as "Authorization callback URL".':
    'ここに表示されているコールバックのアドレスを「Authorization callback URL」に入力します。',
  'Copy the client ID, generate a client secret, and enter both here.':
    'クライアントIDをコピーし、クライアントシークレットを生成して、両方をここに入力します。',
  'personal access token': 'personal access token',
  'Fine-grained: choose the repositories, and the permissions Contents, Issues, Pull requests, Actions (read, or read and write) and Metadata (read). Classic: the scope "repo".':
    'Fine-grainedの場合は、リポジトリと、権限Contents、Issues、Pull requests、Actions（読み取り、または読み書き）、Metadata（読み取り）を選びます。Classicの場合は、スコープ「repo」を選びます。',
}
