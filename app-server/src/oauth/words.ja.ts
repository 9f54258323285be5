// What the authorization server says to people, in Japanese.
export const ja = {
  // The question
  'A program asks to pass': 'プログラムが通行を求めています',
  'Let “{program}” act for you?': '「{program}」に、あなたの代わりの操作を許可しますか？',
  'Calls itself': '名乗っている名前',
  '“{name}”': '「{name}」',
  'Who it is': '身元',
  'Described at {site}': '{site}で説明を公開しています',
  'It registered itself here. Nobody has checked who made it.':
    '自分でここに登録したプログラムです。作成者は誰も確認していません。',
  'Returns to': '戻り先',
  'Acts as': '代わりに操作されるユーザー',
  'Did you start this yourself?': 'ご自分で始めた操作ですか？',
  'Allow it only if you have just connected this program. Otherwise deny it: somebody may want your access.':
    'このプログラムをたった今ご自分で接続した場合にだけ許可してください。そうでなければ拒否してください。誰かがあなたのアクセスを狙っているかもしれません。',
  'Nothing was allowed': '何も許可されていません',
  'Leave at least one box ticked, or deny it.': '少なくとも一つにチェックを残すか、拒否してください。',
  'It may then, until you withdraw it:': '許可を取り消すまで、次のことができるようになります。',
  '{service}, once you connect an account': '{service}（アカウントを接続した後）',
  'makes changes': '変更を伴う',
  Allow: '許可する',
  Deny: '拒否する',
  'Use another account': '別のアカウントを使う',
  'a program on this computer ({address})': 'このコンピューター上のプログラム（{address}）',
  'the application on this device that opens {scheme} links': 'この端末で{scheme}のリンクを開くアプリケーション',
  'the web site {address}': 'ウェブサイト{address}',

  // The answer on its way
  Allowed: '許可しました',
  Denied: '拒否しました',
  'Go back to “{program}”. You can close this window.': '「{program}」に戻ってください。この画面は閉じてかまいません。',
  '“{program}” was told that you did not allow it. You can close this window.':
    '許可しなかったことを「{program}」に伝えました。この画面は閉じてかまいません。',
  'Open the application': 'アプリケーションを開く',
  'See your programs': 'プログラムの一覧を見る',

  // Requests that cannot be answered to the program
  'This cannot go on': '続けられません',
  'This request is over': 'このリクエストは終了しています',
  'It was already answered, took too long, or began in another browser.':
    'すでに回答済みか、時間切れか、別のブラウザーで始まったものです。',
  'Go back to your program and connect once more. Finish in the browser window that it opens.':
    'プログラムに戻って、もう一度接続してください。開いたブラウザーの画面で最後まで進めてください。',
  'We do not know this program': 'このプログラムは登録されていません',
  'It has not registered here, its registration has lapsed, its description could not be read, or it is blocked here.':
    'ここに登録されていないか、登録の期限が切れたか、説明を読み取れなかったか、ここで停止されています。',
  'Remove the connection in your program and add it again. If that does not help, its maker must look into it.':
    'プログラム側で接続を削除してから、追加し直してください。それでも解決しない場合は、プログラムの作成者による確認が必要です。',
  'What the program publishes about itself is not well formed.':
    'プログラムが公開している自身の説明が、正しい形式になっていません。',
  'Its maker must mend it; you can show them this page.':
    'プログラムの作成者による修正が必要です。この画面を見せてお知らせください。',
  'This would lead to the wrong place': '正しくない場所に移動しようとしています',
  'The program wants the answer sent to an address that it has not registered.':
    'プログラムが、登録していないアドレスへ回答を送るよう求めています。',
  'If you did not start this in your own program, just close the window. Otherwise remove the connection there and add it again.':
    'ご自分のプログラムで始めた操作でなければ、この画面を閉じてください。そうでなければ、プログラム側で接続を削除してから、追加し直してください。',
  'Something went wrong on our side': 'こちら側で問題が発生しました',
  'It is written down for whoever runs this server.': 'このサーバーの運用担当者が確認できるよう記録しました。',
  'Go back to your program and try again in a moment.': 'プログラムに戻って、少し待ってからもう一度お試しください。',
  'The program asked in a way we do not understand': 'プログラムからのリクエストを理解できません',
  'Its request is not well formed.': 'リクエストの形式が正しくありません。',
  'Update the program, or remove the connection there and add it again.':
    'プログラムを更新するか、プログラム側で接続を削除してから、追加し直してください。',
  'For its maker: {code}': '作成者向けの情報: {code}',

  // Programs with access
  Programs: 'プログラム',
  'What may act for you, and what for. You can withdraw it at any time.':
    'あなたの代わりに操作できるプログラムと、その内容です。いつでも取り消せます。',
  Withdrawn: '取り消しました',
  'It can no longer act for you, from this moment on.': 'この時点から、あなたの代わりに操作することはできません。',
  'Nothing to withdraw': '取り消すものがありません',
  'That access had already ended.': 'そのアクセスはすでに終了していました。',
  'No program acts for you': 'あなたの代わりに操作するプログラムはありません',
  'How to connect a program': 'プログラムの接続方法',
  'Connect one, and it shows up here when you have allowed it.': 'プログラムを接続して許可すると、ここに表示されます。',
  'Described at {site}. The name is its own.': '{site}で説明を公開しています。名前は自称です。',
  'Registered itself; nobody has checked who made it. The name is its own.':
    '自分で登録したプログラムで、作成者は誰も確認していません。名前は自称です。',
  'Allowed {when}': '許可日時: {when}',
  'Withdraw what {name} was allowed on {date}': '取り消す: {date}に{name}に許可したもの',
  Withdraw: '取り消す',
  'Withdraw all {count} of {name}': '{count}件をすべて取り消す: {name}',
  'Withdraw all {count}': '{count}件をすべて取り消す',
  'Last used': '最終利用',
  'not yet': 'まだありません',
  'a program on your computer': 'お使いのコンピューター上のプログラム',
  'the application that opens {scheme} links': '{scheme}のリンクを開くアプリケーション',
  'Withdraw access': 'アクセスの取り消し',
  'Withdraw the access of “{name}”?': '「{name}」のアクセスを取り消しますか？',
  'This ends all {count} authorizations of it. It is refused from its very next call on. To use it again, you connect it anew.':
    'このプログラムへの許可{count}件がすべて終了します。次の呼び出しから拒否されます。もう一度使うには、接続し直してください。',
  'It is refused from its very next call on. To use it again, you connect it anew.':
    '次の呼び出しから拒否されます。もう一度使うには、接続し直してください。',
  'Keep it': '取り消さない',
  'Say what to withdraw: one authorization or one program. Start at /programs.':
    '取り消すものとして、許可またはプログラムを一つ指定してください。/programsから始めてください。',
  'A program without a name': '名前のないプログラム',
  'No longer offered': '提供が終了したもの',
  'This program has been blocked or removed here, so it was not allowed anything.':
    'このプログラムはここで停止または削除されているため、何も許可されませんでした。',
  'There is no such client, or no longer. Look for it in the list of clients.':
    'そのクライアントは存在しないか、すでに存在しません。クライアントの一覧で探してください。',
}
