// The pages of approvals in Japanese.
export const ja = {
  // What waits
  Approvals: '承認',
  'What programs want to do for you and may not do without your word. Each word is good for one call.':
    'プログラムが実行しようとしていて、あなたの承認が必要な操作です。承認は一回の呼び出しにだけ有効です。',
  'When to ask': '確認の設定',
  'All approvals': 'すべての承認',
  'Reload the page to see what is new.': '新しいものを見るにはページを再読み込みしてください。',
  Pause: '一時停止',
  '{count, plural, =0 {Nothing waits for you.} one {# call waits for you.} other {# calls wait for you.}}':
    '{count, plural, =0 {承認待ちはありません。} other {#件の呼び出しが承認を待っています。}}',
  'Nothing waits for you': '承認待ちはありません',
  'When a program wants to do something that needs your word, it shows up here.':
    'あなたの承認が必要な操作をプログラムが実行しようとすると、ここに表示されます。',
  'The arguments are too long for this list.': '引数が長いため、この一覧には表示できません。',
  'Look at them and decide': '内容を確認して決める',
  Earlier: 'これまでの承認',
  'Of the last 30 days, the newest first.': '過去30日分を新しい順に表示しています。',
  'Nothing yet.': 'まだありません。',
  'Earlier approvals': 'これまでの承認の一覧',
  What: '内容',
  Outcome: '結果',

  // One call
  'A program wants to do this for you. It waits for your word.':
    'プログラムがこの操作を実行しようとしていて、あなたの承認を待っています。',
  'The call': '呼び出し',
  Arguments: '引数',
  'Asked by': '要求元',
  '“{program}”': 'プログラム「{program}」',
  'The chat here': 'このサーバーのチャット',
  'A part of this server': 'このサーバーの機能',
  Tool: 'ツール',
  Account: 'アカウント',
  Asked: '要求日時',
  Until: '期限',
  'It only looks and changes nothing.': '読み取るだけで、何も変更しません。',
  'It adds something and changes nothing that exists.': '追加するだけで、既存のものは変更しません。',
  'It may change or delete something that exists.': '既存のものを変更または削除することがあります。',
  'It is called without arguments.': '引数なしで呼び出されます。',
  'What is kept of the arguments; long and secret values are not.':
    '引数のうち保存されているものです。長い値と秘密の値は保存されません。',
  'Arguments of {tool}': '{tool}の引数',
  Argument: '引数名',
  Value: '値',
  '(an empty text)': '(空の文字列)',
  '({count, number} characters)': '({count, number}文字)',

  // The word on it
  'Allow once': '一回だけ許可する',
  Deny: '拒否する',
  'Take it back': '許可を取り消す',
  'Allow and do not ask again for this tool': '許可して、このツールでは今後確認しない',
  'Open by itself': 'このページだけを開く',
  'Open by itself: {title}': 'このページだけを開く: {title}',
  waits: '承認待ち',
  'allowed, not done yet': '許可済み・未実行',
  'allowed and done': '許可済み・実行済み',
  denied: '拒否',
  'taken back': '取り下げ',
  expired: '期限切れ',
  Allowed: '許可しました',
  Denied: '拒否しました',
  'Taken back': '取り下げられました',
  Expired: '期限が切れました',
  '“{title}” may be done once, with exactly these arguments.':
    '「{title}」を、表示されたとおりの引数で一回だけ実行できます。',
  '“{title}” is not done. The program is told so.': '「{title}」は実行されません。プログラムにもそのように伝えます。',
  'It may be done once, with exactly these arguments. Go back to the program: it goes on, or tell it to.':
    'このとおりの引数で一回だけ実行できます。プログラムに戻ってください。続きが始まらない場合は、続けるように伝えてください。',
  'It is not done, and the program is told so. For a while you can still change your mind.':
    '実行されません。プログラムにもそのように伝えます。しばらくの間は、まだ変更できます。',
  'It was not done.': '実行されませんでした。',
  'The call has been made. To do the same again, the program has to ask again.':
    '呼び出しは済みました。同じ操作をもう一度行うには、プログラムがあらためて承認を求める必要があります。',
  'The program does not ask for this any more, because you said no there.':
    'プログラム側で拒否されたため、この承認はもう求められていません。',
  'The time for it is over, and it was not done. When the program calls again, you are asked again.':
    '期限が過ぎたため、実行されませんでした。プログラムがもう一度呼び出すと、あらためて確認します。',
  'There is no such approval of yours, or no longer.': 'そのような承認は、あなたにはないか、すでになくなっています。',
  'It has been allowed and done already. Nothing was changed now.':
    'すでに許可されて実行済みです。今回は何も変更していません。',
  'The program does not ask for this any more. Nothing was decided.':
    'プログラムはもうこの承認を求めていません。何も決定していません。',
  'The time to decide was over. Nothing was decided.': '期限が過ぎていたため、何も決定していません。',

  // When to ask
  'For each tool, whether a program that calls it has to wait for your word. It counts from the next call on.':
    'プログラムがツールを呼び出すときに、あなたの承認を待つかどうかをツールごとに選べます。次の呼び出しから有効です。',
  Kept: '保存しました',
  'Your choices count from the next call on.': '選択は次の呼び出しから有効です。',
  'No tools yet': 'ツールはまだありません',
  'There is nothing here that a program could call for you.':
    'プログラムがあなたのために呼び出せるものは、ここにはまだありません。',
  'Keep the choices': '選択を保存する',
  'Keep the choices of {provider}': '選択を保存する: {provider}',
  'Default: ask': '既定: 確認する',
  'Default: do not ask': '既定: 確認しない',
  'Always ask': '常に確認する',
  'Never ask': '確認しない',
  'Never ask: programs may change and delete without your word':
    '確認しない: プログラムは承認なしで変更や削除を行えます',
}
