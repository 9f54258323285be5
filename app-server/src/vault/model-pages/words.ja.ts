// What is said about keys of language models, in Japanese.
export const ja = {
  // The list
  Models: 'モデル',
  'Add a key': 'キーを追加',
  'Language models that answer in the chat. A key of yours is used by you and by the rooms you choose it for.':
    'チャットで答える言語モデルです。ご自分のキーは、ご自分と、そのキーを選んだルームで使われます。',
  'No model yet': 'モデルがまだありません',
  'Enter a key of the Gemini API, or the address of a model of your own, and the chat can answer.':
    'Gemini APIのキーか、ご自分のモデルのアドレスを入力すると、チャットが答えられるようになります。',
  Removed: '削除しました',
  'The key is deleted here. It still works at the service until you delete it there.':
    'キーはここから削除されます。サービス側で削除するまで、キー自体は有効なままです。',
  'Nothing to do': '操作は必要ありません',
  'That key is not here, or no longer.': 'そのキーはここにないか、すでに削除されています。',
  Model: 'モデル',
  Service: 'サービス',
  Price: '料金',
  For: '使える人',
  'everybody here': 'ここの全員',
  you: 'あなた',
  Open: '開く',
  'Open {name}': '{name}を開く',
  'not known': '不明',
  '{input} in, {output} out, in US dollars for a million tokens':
    '100万トークンあたり 入力{input}米ドル、出力{output}米ドル',
  '{count} tokens': '{count}トークン',

  // Adding
  'Add a key: {service}': 'キーを追加: {service}',
  'Everybody here can choose it for their rooms. What they ask is paid by whoever the key belongs to.':
    'ここの全員が自分のルームに選べます。利用料金はキーの持ち主が支払います。',
  'Only you can choose it for your rooms. What is asked there is paid by whoever the key belongs to.':
    'あなただけが自分のルームに選べます。利用料金はキーの持ち主が支払います。',
  'a model of your own': 'ご自分のモデル',
  'Instead: {service}': '代わりに: {service}',
  Cancel: 'キャンセル',
  'Make a key <a>at {service}</a>.': '<a>{service}で</a>キーを作成してください。',
  'Whatever speaks like OpenAI (chat/completions): vLLM, Ollama, llama.cpp, LM Studio, OpenAI itself and many others.':
    'OpenAIと同じ形式（chat/completions）で話すものなら何でも使えます。vLLM、Ollama、llama.cpp、LM Studio、OpenAI自身など。',
  Address: 'アドレス',
  'It usually ends with /v1, like https://llm.example.com/v1.':
    '通常は https://llm.example.com/v1 のように/v1で終わります。',
  Key: 'キー',
  'It is kept sealed and never shown again.': '暗号化して保管します。二度と表示されません。',
  'Leave it empty when the model wants none.': 'モデルがキーを必要としない場合は空のままにしてください。',
  'Try and keep': '試して保存',

  // Choosing the model
  'Choose the model': 'モデルを選ぶ',
  'These are the models that the key may use for conversations. Rooms use the chosen one from their next answer on.':
    'このキーで会話に使えるモデルです。ルームは次の回答から、選んだモデルを使います。',
  Name: '名前',
  'What people see where they choose it.': '選ぶときに表示される名前です。',
  'Use this model': 'このモデルを使う',
  'Try again': 'もう一度試す',
  'A name of 1 to {max} signs is needed.': '1〜{max}文字の名前が必要です。',
  'The service does not list this model. Go back and choose one that it lists.':
    'このモデルはサービスの一覧にありません。戻って、一覧にあるものを選んでください。',

  // One key
  'It can read': '読める長さ',
  'kept sealed, never shown': '暗号化して保管（表示されません）',
  Changed: '変更日時',
  'Given by the environment': '環境変数で指定されています',
  'Its key and model are changed where the server is started. When the environment no longer gives it, it stays and can be changed here.':
    'キーとモデルは、サーバーを起動するところで変更します。環境変数で与えられなくなった場合も残り、ここで変更できるようになります。',
  'The environment gives this key. It is changed where the server is started.':
    'このキーは環境変数で与えられています。サーバーを起動するところで変更してください。',
  'Change the model or the name': 'モデルまたは名前を変更',
  'Try the key': 'キーを試す',
  Remove: '削除する',
  'Remove {name}?': '{name}を削除しますか？',
  '{count, plural, =0 {No room uses it.} one {One room uses it. It gets no answers until another key is chosen there; what was said in it stays.} other {# rooms use it, archived ones included. They get no answers until another key is chosen there; what was said in them stays.}}':
    '{count, plural, =0 {このキーを使っているルームはありません。} other {アーカイブ済みを含め、#個のルームがこのキーを使っています。別のキーを選ぶまで回答を得られません。これまでの会話は残ります。}}',
  'Replace the key': 'キーを置き換える',
  'The new key is tried first. Rooms go on with it; nothing else changes.':
    '新しいキーを先に試します。ルームは新しいキーで続きます。ほかは何も変わりません。',
  'Try and replace': '試して置き換える',
  Prices: '料金',
  'What the chat reckons with when it says what an answer cost, in US dollars for a million tokens. Prices change: what is filled in for well-known models was right once, and the service’s own page counts.':
    '回答の費用を示すときに使う、100万トークンあたりの米ドルの料金です。料金は変わります。よく知られたモデルにあらかじめ入っている値は過去のものなので、サービスのページで確かめてください。',
  'What it reads': '入力',
  'What it writes and thinks': '出力と思考',
  'Keep the prices': '料金を保存',
  Ready: '準備ができました',
  'Rooms that use this key have this model from their next answer on.':
    'このキーを使うルームは、次の回答からこのモデルになります。',
  'To talk to it, <a>make a room</a> in the chat.': '会話を始めるには、チャットで<a>ルームを作成</a>してください。',
  Replaced: '置き換えました',
  'The service takes the new key, and rooms use it from their next answer on.':
    'サービスは新しいキーを受け付けました。ルームは次の回答からこのキーを使います。',
  Kept: '保存しました',
  'Answers from now on are reckoned with these prices.': 'これからの回答は、この料金で計算します。',
  'It works': '使えます',
  'The service takes the key, and the model is there.': 'サービスはキーを受け付け、モデルもあります。',
  'The service takes the key, but no longer lists this model. Choose another one.':
    'サービスはキーを受け付けましたが、このモデルはもう一覧にありません。別のモデルを選んでください。',

  // The forms
  'Paste the key here.': 'ここにキーを貼り付けてください。',
  'This is no key: it has signs in it that none has. Copy it once more.':
    'これはキーではありません。キーにはない文字が含まれています。もう一度コピーしてください。',
  'This is not a whole address, like https://llm.example.com/v1.':
    '完全なアドレスではありません。https://llm.example.com/v1 のように入力してください。',
  'The key would be sent in the clear. Use https://, or have this host allowed by whoever runs this server (OUTBOUND_ALLOWED_HOSTS).':
    'キーが暗号化されずに送られてしまいます。https://を使うか、サーバーの運用担当者にこのホストを許可してもらってください（OUTBOUND_ALLOWED_HOSTS）。',
  'Enter US dollars for a million tokens, like 0.75. Leave both empty when nobody knows.':
    '100万トークンあたりの米ドルを0.75のように入力してください。分からない場合は両方とも空にしてください。',

  // What the service says
  '{words} It says: “{said}”': '{words}サービスからのメッセージ: 「{said}」',
  '{service} does not take this key. Check it, or make a new one.':
    '{service}はこのキーを受け付けません。確かめるか、新しく作成してください。',
  '{service} knows this key but does not let it use models. Check what the key is allowed there.':
    '{service}はこのキーを知っていますが、モデルの利用を許可していません。キーの権限を確かめてください。',
  'What this key may use at {service} is used up. Look at its plan and billing there.':
    'このキーで{service}を使える量を使い切っています。{service}でプランと請求を確かめてください。',
  '{service} has too much to do right now. Nothing was kept. Try again in a minute.':
    '{service}は現在混み合っています。何も保存していません。1分ほどしてからもう一度お試しください。',
  '{service} did not answer in time. Nothing was kept. Try again in a minute.':
    '{service}から時間内に応答がありませんでした。何も保存していません。1分ほどしてからもう一度お試しください。',
  'This address cannot be reached from here. Check it; an address inside a private network must be allowed by whoever runs this server (OUTBOUND_ALLOWED_HOSTS).':
    'ここからこのアドレスに接続できません。確かめてください。プライベートネットワーク内のアドレスは、サーバーの運用担当者が許可する必要があります（OUTBOUND_ALLOWED_HOSTS）。',
  '{service} cannot be reached right now. Nothing was kept. Try again in a minute.':
    '現在{service}に接続できません。何も保存していません。1分ほどしてからもう一度お試しください。',
  'There is no list of models at this address. It usually ends with /v1, like https://llm.example.com/v1.':
    'このアドレスにモデルの一覧がありません。通常は https://llm.example.com/v1 のように/v1で終わります。',
  '{service} lists no model that this key may use for conversations.':
    '{service}には、このキーで会話に使えるモデルがありません。',
  '{service} did not answer as expected. Nothing was kept. Try again in a minute.':
    '{service}の応答が想定と異なります。何も保存していません。1分ほどしてからもう一度お試しください。',

  // The shared ones
  'Models for everybody': '全員のためのモデル',
  'Keys of language models that everybody here may choose for their rooms.':
    'ここの全員が自分のルームに選べる、言語モデルのキーです。',
  'Add a key for everybody': '全員のためのキーを追加',
  'None yet. Whoever wants the chat to answer enters a key of their own.':
    'まだありません。チャットを使うには、それぞれが自分のキーを入力します。',
} as const
