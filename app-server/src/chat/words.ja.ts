// The pages of the chat in Japanese.
import { ja as answers } from './answer-words.ja.js'
import { ja as refusals } from './refusal-words.ja.js'

export const ja = {
  ...answers,
  ...refusals,

  // Rooms
  Chat: 'チャット',
  Rooms: 'ルーム',
  'Rooms where a language model answers, and uses tools in your name.':
    '言語モデルが答え、あなたの名前でツールを使うルームです。',
  'New room': '新しいルーム',
  'Name or words of a message': '名前またはメッセージの言葉',
  'an answer is being written': '回答を作成中',
  'Nothing found': '見つかりませんでした',
  'No room has these words in its name, and no message has all of them.':
    'この言葉を名前に含むルームも、すべて含むメッセージもありません。',
  'None of the newest messages has these words. Older ones are on the next page.':
    '新しいメッセージにはこの言葉がありません。古いメッセージは次のページにあります。',
  Search: '検索',
  Messages: 'メッセージ',
  'Words of a message': 'メッセージの言葉',
  'Answer to {name}': '{name}への回答',
  'No archived rooms': 'アーカイブしたルームはありません',
  'Rooms you archive are kept here, and can be taken back.': 'アーカイブしたルームはここに残り、いつでも元に戻せます。',
  'First, a language model': 'まず言語モデルを用意してください',
  'Add a key': 'キーを追加',
  'Whoever answers in a room is a language model, and it is reached with a key of yours.':
    'ルームで答えるのは言語モデルです。利用にはあなたのキーを使います。',
  'No rooms yet': 'ルームはまだありません',
  'Make one, choose what tools it may use, and ask.': 'ルームを作り、使うツールを選んで、質問してください。',
  'All of this can be changed later, in the settings of the room.': 'どれも、あとからルームの設定で変更できます。',
  'Make the room': 'ルームを作成',
  Cancel: 'キャンセル',
  '{count, plural, one {# member} other {# members}}': '{count, plural, other {メンバー#人}}',

  // The form of a room
  Name: '名前',
  'No language model yet': '言語モデルがまだありません',
  'A room answers with one. <a>Add a key of a language model</a> first.':
    'ルームの回答には言語モデルが必要です。まず<a>言語モデルのキーを追加</a>してください。',
  'Language model': '言語モデル',
  'Choose one': '選択してください',
  '{label} · {model} (of this server)': '{label} · {model}（このサーバー共有）',
  '{label} · {model}': '{label} · {model}',
  '{label} · {model} (of another owner)': '{label} · {model}（別のオーナー）',
  'Tools the model may use': 'モデルが使えるツール',
  '{count, plural, one {# tool} other {# tools}}': '{count, plural, other {ツール#件}}',
  'Connected: {accounts}': '接続済み: {accounts}',
  'No account connected yet.': 'アカウントはまだ接続されていません。',
  'Connect one': '接続する',
  'Not set up on this server yet.': 'このサーバーではまだ設定されていません。',
  'Give the room a name.': 'ルームの名前を入力してください。',
  'A name has {count} characters at most.': '名前は{count}文字までです。',
  'A name is one line of text.': '名前は1行で入力してください。',
  'This key is not there any more. Choose another.': 'このキーはもうありません。別のキーを選んでください。',
  'Instructions have {count, number} characters at most.': '指示は{count, number}文字までです。',
  'A whole number from 1 to 50.': '1から50までの整数を入力してください。',
  'A whole number from 1,000 to 20,000,000.': '1,000から20,000,000までの整数を入力してください。',
  'US dollars from 0.001 to 1,000, e.g. 0.50; or nothing.':
    '0.001から1,000までの米ドル（例: 0.50）を入力するか、空欄にしてください。',

  // Settings
  'Settings of the room': 'ルームの設定',
  'Back to the room': 'ルームに戻る',
  'Only owners of the room can change its settings.': 'ルームの設定を変更できるのはオーナーだけです。',
  'Instructions for the model': 'モデルへの指示',
  'It reads them before every message. Everybody in the room can read them too.':
    'モデルはメッセージのたびに、まずこの指示を読みます。ルームのメンバー全員も読めます。',
  'How far one answer may go before it asks': '一つの回答が確認なしに進める範囲',
  'Rounds of the model': 'モデルの往復回数',
  Tokens: 'トークン',
  'Cost in US dollars': '費用（米ドル）',
  'Nothing: no limit. It counts only where the price of the model is known.':
    '空欄なら上限なし。モデルの料金がわかっている場合だけ有効です。',
  Save: '保存',
  'The settings are saved. They count from the next message on.': '設定を保存しました。次のメッセージから有効です。',
  'Whose accounts the tools use': 'ツールが使うアカウント',
  'Tools act with the accounts of {name}, whoever writes.': '誰が書いても、ツールは{name}のアカウントを使います。',
  'Tools act with the accounts of whoever writes.': 'ツールは、メッセージを書いた人のアカウントを使います。',
  'What tools bring is read by everybody in the room.': 'ツールの結果は、ルームのメンバー全員が読めます。',
  'Take my accounts back': '自分のアカウントの貸し出しをやめる',
  'End this': '貸し出しを終える',
  'If you lend the room your accounts, its tools act with them whoever writes, also while you are away, until you take them back.':
    'アカウントを貸し出すと、誰が書いても、またあなたの不在中も、取り消すまでツールがあなたのアカウントを使います。',
  'Lend the room my accounts': '自分のアカウントをルームに貸し出す',
  'The room uses your accounts.': 'ルームはあなたのアカウントを使います。',
  'The room uses the accounts of whoever writes.': 'ルームは、メッセージを書いた人のアカウントを使います。',
  Members: 'メンバー',
  'Everybody here reads all messages, files and results of tools.':
    'メンバーは全員、すべてのメッセージ、ファイル、ツールの結果を読めます。',
  'Members of the room': 'ルームのメンバー',
  Role: '役割',
  Owner: 'オーナー',
  Writes: '書き込み',
  Reads: '閲覧',
  'Take out': '外す',
  'Take out {name}': '{name}を外す',
  'Remove {name}': '{name}を外す',
  you: 'あなた',
  Leave: '退出',
  'E-mail': 'メールアドレス',
  'Add, or change the role': '追加・役割の変更',
  'The member is in the room.': 'メンバーを追加しました。',
  'The member is no longer in the room.': 'メンバーをルームから外しました。',
  Export: 'エクスポート',
  'All messages and answers, with every call of a tool and its result. JSON has earlier versions too.':
    'すべてのメッセージと回答を、ツールの呼び出しと結果も含めて書き出します。JSONには以前のバージョンも入ります。',
  'As Markdown': 'Markdown形式',
  'As JSON': 'JSON形式',
  'Put away': '片付け',
  'An archived room can be read, and taken back. A deleted one is gone for everybody.':
    'アーカイブしたルームは閲覧でき、元に戻せます。削除したルームは全員から見えなくなります。',
  'Take back from the archive': 'アーカイブから戻す',
  Archive: 'アーカイブ',
  'Delete …': '削除…',
  'Delete “{name}”?': '「{name}」を削除しますか?',
  'All its messages, answers and files are deleted, and nobody can bring them back.':
    'メッセージ、回答、ファイルがすべて削除され、誰にも元に戻せません。',
  'It goes for all {count, number} members.': '{count, number}人のメンバー全員から削除されます。',
  'What tools did at services stays done.': 'ツールがサービスで行ったことは取り消されません。',
  Delete: '削除',

  // The page of a room
  Settings: '設定',
  Archived: 'アーカイブ済み',
  'This room takes no messages. An owner can take it back in its settings.':
    'このルームには書き込めません。オーナーが設定で元に戻せます。',
  'Earlier messages': '以前のメッセージ',
  'Newest messages': '最新のメッセージへ',
  'Newest message': '最新のメッセージ',
  'Reload, to see more of the answer': '再読み込みして回答の続きを見る',
  'You read in this room. An owner can let you write.':
    'このルームでは閲覧だけができます。書き込みはオーナーが許可できます。',
  'no tools': 'ツールなし',
  'Tools: {names}': 'ツール: {names}',
  'they act with the accounts of whoever writes': '書いた人のアカウントを使用',
  'they act with the accounts of {name}': '{name}のアカウントを使用',
  '{cost} and more that is not known': '{cost}以上（一部は不明）',
  'Nobody answers here': '回答できる言語モデルがありません',
  'The key of the language model was removed, or none was chosen yet. <a>Choose one in the settings</a>.':
    '言語モデルのキーが削除されたか、まだ選ばれていません。<a>設定で選んでください</a>。',
  'The key of the language model was removed, or none was chosen yet. An owner of the room can choose one.':
    '言語モデルのキーが削除されたか、まだ選ばれていません。ルームのオーナーが選べます。',
  'No messages yet': 'メッセージはまだありません',
  'Write the first one below.': '下の欄に最初のメッセージを書いてください。',
  'Nobody has written here yet.': 'まだ誰も書いていません。',
  Message: 'メッセージ',
  'Add files': 'ファイルを追加',
  'Enter sends, Shift and Enter begins a line.': 'Enterで送信、Shift+Enterで改行します。',
  Send: '送信',
  'Edit the message': 'メッセージを編集',
  'It is sent anew, with its files, and answered anew.': 'ファイルも含めて送り直し、回答も作り直します。',
  'Answer this message anew?': 'このメッセージに回答し直しますか?',
  'The answer there is now is replaced.': '今の回答は置き換えられます。',
  'The answer there is now is replaced, and with it {count, plural, one {the message that came after it} other {the # messages that came after it}}.':
    '今の回答と、そのあとの{count, plural, other {メッセージ#件}}が置き換えられます。',
  'What is replaced can still be read, as an earlier version.':
    '置き換えた内容は、以前のバージョンとしてあとから読めます。',
  'What tools did already stays done.': 'ツールがすでに行ったことは取り消されません。',

  // Earlier versions
  '{count, plural, one {# earlier version} other {# earlier versions}}': '{count, plural, other {以前のバージョン#件}}',
  'Earlier versions': '以前のバージョン',
  'What stood here before the message was reworded or answered anew. The model is not told of it.':
    'メッセージの編集や回答し直しの前に、ここにあった内容です。モデルには渡りません。',
  'Version {number, number}': 'バージョン{number, number}',
  'Version {number, number}, continued': 'バージョン{number, number}（続き）',
  'Replaced by {name}, <at></at>': '<at></at>に{name}が置き換え',
  'What came after it': 'そのあとのメッセージ',
  'More of what stood here': 'ここにあった内容の続き',
  'This message has no earlier versions.': 'このメッセージに以前のバージョンはありません。',

  // Said by the page's script
  'The answer is being written.': '回答を作成しています。',
  'Answer:': '回答:',
  'The answer has ended before it was complete.': '回答は完了する前に終わりました。',
  'A call of a tool waits for your approval.': 'ツールの呼び出しがあなたの承認を待っています。',
  'New message from {name}:': '{name}からの新しいメッセージ:',
  'Not connected. Trying again …': '接続が切れました。再接続しています…',
  'You are signed out. Your text is kept here: sign in again, and send it.':
    'サインアウトしました。入力した文章は残っています。もう一度サインインして送信してください。',
  'Sign in': 'サインイン',
  'You are no longer a member of this room, or it was deleted.':
    'あなたはもうこのルームのメンバーではないか、ルームが削除されました。',
  'Sending …': '送信しています…',
  'That could not be sent. Try again.': '送信できませんでした。もう一度お試しください。',
  '{name}: {percent} %': '{name}: {percent} %',
  '{name} is too large: a file may have {size} at most.': '{name}は大きすぎます。1ファイルは{size}までです。',
  '{name} is too much: the files of one message may have {size} together.':
    '{name}は追加できません。1件のメッセージのファイルは合計{size}までです。',
  'pasted text.txt': '貼り付けたテキスト.txt',
  'The text is longer than a message may be. It goes along as a file.':
    'メッセージの長さを超えるため、テキストはファイルとして添付しました。',
  '{name} cannot be sent: the model reads no files of this kind.':
    '{name}は送信できません。モデルはこの種類のファイルを読めません。',
  'A message takes {count} files at most.': '1つのメッセージに付けられるファイルは{count}件までです。',
  'A file is still being sent.': 'ファイルを送信中です。',
  Copied: 'コピーしました',
  Copy: 'コピー',
}
