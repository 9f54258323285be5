// What is said about answers and the calls in them, in Japanese.
export const ja = {
  // Figures
  'cost unknown': '費用は不明',
  '{count, plural, one {# token} other {# tokens}}': '{count, plural, other {#トークン}}',
  '{count, plural, one {# byte} other {# bytes}}': '{count, plural, other {#バイト}}',
  '{count, number} ms': '{count, number}ミリ秒',
  '{count, number} s': '{count, number}秒',

  // How an answer stands
  'The answer': '回答',
  'The answer is being written …': '回答を作成しています…',
  'The answer waits for a decision.': '回答は承認の判断を待っています。',
  Stop: '停止',
  'Answer anew': '回答し直す',
  'Not complete': '未完了',
  Stopped: '停止しました',
  Continue: '続ける',
  'Try again': 'もう一度試す',
  'No answer': '回答できませんでした',
  'What the model thought': 'モデルの思考',

  // Why it ended
  'The model may not write more at once. Ask it to go on.':
    'モデルが一度に書ける長さに達しました。続きを書くよう頼んでください。',
  'The service of the model ended the answer for reasons of safety. Ask in another way.':
    '安全上の理由で、モデルのサービスが回答を終了しました。別の聞き方をしてください。',
  'The model ended the answer without saying why. Ask again, or in another way.':
    'モデルが理由を示さずに回答を終えました。もう一度、または別の聞き方で質問してください。',
  'The model gave an empty answer. Have it answered anew, or ask in another way.':
    'モデルの回答が空でした。回答し直すか、別の聞き方をしてください。',
  'The model called a tool in a way that makes no sense, so nothing was done. Have it answered anew.':
    'モデルによるツールの呼び出しが正しくなかったため、何も実行されませんでした。回答し直してください。',
  'The service says: {words}': 'サービスからのメッセージ: {words}',
  'The answer was stopped. What is there of it stays.': '回答を停止しました。ここまでの内容は残ります。',
  'The model has gone to and fro as often as <a>the room allows</a> for one answer.':
    '一つの回答で<a>ルームが許す</a>往復回数に達しました。',
  'The answer has used as many tokens as <a>the room allows</a> for one answer.':
    '一つの回答で<a>ルームが許す</a>トークン数に達しました。',
  'The answer has cost as much as <a>the room allows</a> for one answer.':
    '一つの回答で<a>ルームが許す</a>費用に達しました。',
  'The answer has taken as long as one may.': '一つの回答に使える時間に達しました。',
  'The room has no key of a language model that may be used here. <a>Choose one</a>, then try again.':
    'このルームで使える言語モデルのキーがありません。<a>キーを選んで</a>から、もう一度お試しください。',
  'The service of the model does not take the key any more. <a>Replace it</a>, then try again.':
    'モデルのサービスがキーを受け付けなくなりました。<a>キーを差し替えて</a>から、もう一度お試しください。',
  'The key may not use this model. <a>Choose another model or key</a>, then try again.':
    'このキーではこのモデルを使えません。<a>別のモデルかキーを選んで</a>から、もう一度お試しください。',
  'The service does not have this model any more. <a>Choose another one</a>, then try again.':
    'このモデルはサービスからなくなりました。<a>別のモデルを選んで</a>から、もう一度お試しください。',
  'What the key may use is used up. Wait until there is more, or <a>choose another key</a>.':
    'キーの利用枠を使い切りました。枠が回復するまで待つか、<a>別のキーを選んで</a>ください。',
  'The message is longer than the model can read. Shorten it, or leave a file out.':
    'メッセージがモデルの読める長さを超えています。短くするか、ファイルを減らしてください。',
  'The service of the model does not answer this message. Put it in another way.':
    'モデルのサービスがこのメッセージへの回答を拒否しました。別の書き方をしてください。',
  'The service of the model did not take the request. Try it in another way, or with another model.':
    'モデルのサービスがリクエストを受け付けませんでした。別の書き方か、別のモデルでお試しください。',
  'The connection to the model broke. What came before stays.':
    'モデルとの接続が切れました。ここまでの内容は残ります。',
  'The service of the model does not answer. Try again in a while.':
    'モデルのサービスが応答しません。しばらくしてからお試しください。',
  'Whoever wrote this has signed out, so nothing more could be done in their name. Sign in, then go on.':
    '書いた人がサインアウトしたため、その人の名前で続けられませんでした。サインインしてから続けてください。',
  'The accounts that were lent to this room were taken back. <a>Choose</a> whose are used, then go on.':
    'このルームへのアカウントの貸し出しが終わりました。使うアカウントを<a>選んで</a>から続けてください。',
  'Whoever wrote this may not write here any more.': '書いた人は、もうこのルームに書き込めません。',
  'The tools could not be reached. Try again in a moment.':
    'ツールに接続できませんでした。少し待ってからお試しください。',
  'Something went wrong on our side. Try again; if it stays, tell the operator the reference {reference}.':
    'こちら側で問題が発生しました。もう一度お試しください。続く場合は、照会番号{reference}を運用担当者にお知らせください。',
  'Something went wrong on our side. Try again.': 'こちら側で問題が発生しました。もう一度お試しください。',
  'The service of the model is busy. Try again in a moment.':
    'モデルのサービスが混み合っています。少し待ってからお試しください。',
  'The service of the model is busy. It asks to be tried again from <at></at> on.':
    'モデルのサービスが混み合っています。<at></at>以降にお試しください。',

  // What happened to it
  'The service of the model is busy. It is asked again after {count, plural, one {# second} other {# seconds}}.':
    'モデルのサービスが混み合っているため、{count, plural, other {#秒後}}にもう一度問い合わせます。',
  'The service of the model did not answer. It is asked again after {count, plural, one {# second} other {# seconds}}.':
    'モデルのサービスが応答しなかったため、{count, plural, other {#秒後}}にもう一度問い合わせます。',
  'The server was restarted. The answer went on where it was.':
    'サーバーが再起動しましたが、回答は続きから再開しました。',
  'The room is longer than the model can read. {count, plural, one {The oldest message went} other {The oldest # messages went}} to it as a summary.':
    'ルームがモデルの読める長さを超えたため、{count, plural, other {古いメッセージ#件}}は要約して渡しました。',
  'Some tools of the room could not be offered: {names}.': '提供できなかったツールがあります: {names}',

  // Calls
  'about to begin': '開始待ち',
  running: '実行中',
  'waits for approval': '承認待ち',
  done: '完了',
  failed: '失敗',
  'not allowed': '不許可',
  stopped: '停止',
  'It is called without arguments.': '引数なしで呼び出されます。',
  Arguments: '引数',
  Result: '結果',
  'This is the beginning of {count, number} characters. <a>All that is kept of them</a>':
    '{count, number}文字のうちの先頭です。<a>保存されている全体を見る</a>',
  'Waits for {name} until <until></until>.': '<until></until>まで{name}の判断を待っています。',
  'another member': 'ほかのメンバー',
  'Shall this be done, exactly like this?': 'このとおりに実行してよいですか?',
  'It waits until <until></until>.': '<until></until>まで待ちます。',
  'Allow once': '一回だけ許可する',
  Deny: '拒否する',
  'Allow and do not ask again for this tool': '許可して、このツールでは今後確認しない',
  'Connect the account': 'アカウントを接続',
  'This was not allowed, so it was not done.': '許可されなかったため、実行されませんでした。',
  'The service is not set up on this server yet. An administrator can do that.':
    'このサービスはまだ設定されていません。管理者が設定できます。',
  'This tool needs an account that is not connected. Connect it, then ask again.':
    'このツールにはアカウントの接続が必要です。接続してから、もう一度頼んでください。',
  'The account must be connected anew or allowed more. Do that, then ask again.':
    'アカウントの再接続か、許可の追加が必要です。済ませてから、もう一度頼んでください。',
  'The room does not have this tool, or may no longer use it. Choose it in the settings of the room.':
    'このルームではこのツールを使えません。ルームの設定で選んでください。',
  'There is no such tool here any more.': 'このツールはもうありません。',
  'There were too many calls in a short time. Wait a moment, then ask again.':
    '短い時間に呼び出しが多すぎました。少し待ってから、もう一度頼んでください。',
  'The service cannot answer right now. Try again in a while.':
    '現在サービスが応答できません。しばらくしてからお試しください。',
  'It took too long. Whether it was done is not certain: look before you ask again.':
    '時間がかかりすぎました。実行されたかどうかは不明です。もう一度頼む前に確認してください。',
  'The service behind the tool did not do it. The result says more.':
    '接続先のサービスが実行しませんでした。詳しくは結果をご覧ください。',
  'The model called the tool with arguments that do not fit. It sees that, and can correct itself.':
    'モデルが正しくない引数でツールを呼び出しました。モデルにも伝わるので、やり直すことができます。',
  'Something went wrong on our side. The operator finds it by the reference {reference}.':
    'こちら側で問題が発生しました。運用担当者は照会番号{reference}で調べられます。',
  'The tool could not do it. The result says why.': 'ツールが実行できませんでした。理由は結果をご覧ください。',
}
