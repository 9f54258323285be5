// The home page in Japanese.
export const ja = {
  Home: 'ホーム',
  'Welcome, {name}': 'ようこそ、{name}さん',
  'Give a program this one address. It shows its pass here, you decide what it may do, and the road is open.':
    'プログラムにこのアドレスを渡してください。プログラムはここで手形を示し、あなたが許可する内容を決めれば、道が開きます。',
  'Your address': 'あなたのアドレス',
  'Connect a program': 'プログラムを接続',
  'The program opens this site in your browser once, so that you can say yes. After that it works by itself.':
    'プログラムが一度だけブラウザーでこのサイトを開き、許可を求めます。その後は自動で使えます。',
  'What programs can be allowed': 'プログラムに許可できること',
  'Only what you tick when you say yes, and only until you withdraw it.':
    '許可するときに選んだことだけが、取り消すまでのあいだ許可されます。',
  'No tools yet': 'ツールはまだありません',
  'Nothing is installed on this server. Whoever runs it can add providers.':
    'このサーバーには何もインストールされていません。運用担当者がプロバイダーを追加できます。',
  'In your hands': 'ご自分で管理できること',
  'Chat with a model': 'モデルと話す',
  'Calls that wait for you': '承認を待つ呼び出し',
  'Programs with access': 'アクセスを持つプログラム',
  'Connected accounts': '接続したアカウント',
  'Your sessions': 'あなたのセッション',
  'Call the tools yourself': 'ツールを自分で呼び出す',
  '{count} more': 'ほか{count}個',

  // How to connect each kind of program
  'one command': 'コマンド一つ',
  'one click or one command': 'クリックまたはコマンド一つ',
  'one click or one file': 'クリックまたはファイル一つ',
  'in its settings': '設定画面で',
  'for developers': '開発者向け',
  'Anything else that speaks MCP': 'MCPに対応したその他のプログラム',
  'the address is enough': 'アドレスだけで接続',
  'In a terminal': 'ターミナルで',
  'Start Claude Code, type {command}, choose {server} and then {button}.':
    'Claude Codeを起動して{command}と入力し、{server}、{button}の順に選びます。',
  'Add to VS Code': 'VS Codeに追加',
  'Or in a terminal (macOS, Linux)': 'またはターミナルで（macOS、Linux）',
  'VS Code asks to sign in the first time it uses a tool. Say yes.':
    'VS Codeは、初めてツールを使うときにサインインを求めます。許可してください。',
  'Add to Cursor': 'Cursorに追加',
  'Or in the file {path}': 'またはファイル{path}に記入',
  'Then open Cursor’s settings, find {server} among the MCP servers and connect it.':
    '次にCursorの設定を開き、MCPサーバーの中から{server}を探して接続します。',
  'Start Gemini CLI and type {command}.': 'Gemini CLIを起動して{command}と入力します。',
  'In the settings, under {apps}, turn on developer mode in the advanced settings. Then choose {create}, give it a name and paste the address. Leave the authentication at OAuth.':
    '設定の{apps}にある詳細設定で、開発者モードをオンにします。次に{create}を選び、名前を付けてアドレスを貼り付けます。認証はOAuthのままにします。',
  Address: 'アドレス',
  'ChatGPT connects from the internet. This address is only known on this machine, so it cannot be reached.':
    'ChatGPTはインターネットから接続します。このアドレスはこのコンピューターの中でしか使えないため、接続できません。',
  'Choose the transport {transport}, paste the address and press {button}.':
    'トランスポートに{transport}を選び、アドレスを貼り付けて{button}を押します。',
  'Where the program asks for a remote MCP server, give it this address. It finds out by itself where to sign in; no key is needed.':
    'プログラムがリモートMCPサーバーを求めるところに、このアドレスを入力します。サインイン先は自動で見つかり、キーは必要ありません。',
}
