// Why something cannot be done in the chat, in Japanese.
export const ja = {
  'This room is not there, or you are not one of its members.':
    'このルームは存在しないか、あなたはメンバーではありません。',
  'Only an owner of the room may do this.': 'この操作はルームのオーナーだけができます。',
  'Only a writer or an owner of the room may do this.':
    'この操作は、書き込みができるメンバーかオーナーだけができます。',
  'You have {count, number} rooms already. Delete some first.':
    'ルームがすでに{count, number}件あります。先にいくつか削除してください。',
  'This room is archived. Take it back to write in it.':
    'このルームはアーカイブされています。書き込むには元に戻してください。',
  'Nobody here signs in as {email}. They must have signed in once before they can be added.':
    '{email}でサインインするユーザーがいません。一度サインインしてもらうと追加できます。',
  'A room has at most {count, number} members.': 'ルームのメンバーは{count, number}人までです。',
  'The room would have no owner. Make somebody else an owner first, or delete the room.':
    'ルームのオーナーがいなくなります。先にほかの人をオーナーにするか、ルームを削除してください。',
  'Choose tools for this room first: then there is something to lend.':
    '先にルームのツールを選んでください。貸し出すものがまだありません。',
  'Another member lends their accounts already. They must take them back first.':
    '別のメンバーがすでにアカウントを貸し出しています。先にその貸し出しを終える必要があります。',
  'Only the member who lends their accounts, or an owner of the room, can end that.':
    '貸し出しを終えられるのは、貸し出した本人かルームのオーナーだけです。',

  'The message is empty. Write something, then send it.': 'メッセージが空です。何か書いてから送信してください。',
  'A message may have {count, number} characters at most. Send the text as a file.':
    'メッセージは{count, number}文字までです。長い文章はファイルとして送ってください。',
  'This message is not there, or no longer.': 'このメッセージは存在しないか、なくなりました。',
  'Another message stands in the place of this one. Reload the page.':
    'このメッセージは別のメッセージに置き換えられました。ページを再読み込みしてください。',
  'Only whoever wrote a message can change it.': 'メッセージを変更できるのは、書いた本人だけです。',
  'An answer is being written in this room. Wait until it is done, or stop it first.':
    'このルームでは回答を作成中です。終わるまで待つか、先に停止してください。',
  'This answer cannot go on: it is complete, not yours, or others came after it. Send a new message.':
    'この回答は続けられません。完了しているか、あなたのものではないか、あとに別のメッセージがあります。新しいメッセージを送ってください。',
  '{count} answers are being written for you already. Wait until one is done, or stop one.':
    'あなたへの回答を{count}件作成中です。どれかが終わるまで待つか、停止してください。',
  'That were many messages within a minute. Wait a moment, then send again.':
    '短い時間に多くのメッセージが送られました。少し待ってから送信してください。',

  'Files of the type {type} cannot be sent. Send {types}.': '{type}形式のファイルは送信できません。送れる形式: {types}',
  'The file is empty.': 'ファイルが空です。',
  'A file may have {size, number} MB at most.': '1ファイルは{size, number} MBまでです。',
  'The files of this room take up all the space a room has. Begin a new room.':
    'このルームのファイルの容量が上限に達しました。新しいルームを作ってください。',
  'Many files wait for a message already. Send the message first.':
    '送信待ちのファイルが多すぎます。先にメッセージを送信してください。',
  'This file is not there, or no longer.': 'このファイルは存在しないか、なくなりました。',
  'A file of this message is no longer there. Add it again, then send.':
    'このメッセージのファイルがなくなりました。もう一度追加してから送信してください。',
  'The files of one message may have {size, number} MB together. Send some of them with the next message.':
    '1件のメッセージのファイルは合計{size, number} MBまでです。残りは次のメッセージで送ってください。',
  '{count} files are on their way already. Wait until one is there.':
    'ファイルを{count}件送信中です。どれかが終わるまで待ってください。',

  'The search took too long. Search for fewer or longer words, or in one room.':
    '検索に時間がかかりすぎました。言葉を減らすか長くする、または1つのルームで検索してください。',
  'Rooms are exported as md or json.': 'ルームはmdまたはjson形式で書き出せます。',
  'Several exports are being written already. Try again in a moment.':
    'ほかの書き出しを実行中です。少し待ってからお試しください。',
  'Too many pages show rooms right now. Close one of them, or reload this one to see what is new.':
    'ルームを表示しているページが多すぎます。どれかを閉じるか、このページを再読み込みしてください。',
}
