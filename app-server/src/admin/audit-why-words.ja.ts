// Why something was allowed or refused, in Japanese.
export const ja = {
  'It was done.': '実行されました。',
  'The reason that was written down: {reason}.': '記録された理由: {reason}',
  'This stands for {count, number} more of the kind within the same minute, which were counted instead of listed.':
    'この記録は、同じ1分間に起きた同種の{count, number}件を代表しています。一件ずつではなく、件数だけが記録されました。',
  'It was allowed because people may end their own sessions, and this was sent from a form of a session of theirs.':
    'ユーザーは自分のセッションを終了でき、この操作は本人のセッションのフォームから送信されたため、許可されました。',

  // Calls
  'the tool': 'ツール',
  'It was allowed. Of calls this old nothing more was written down.':
    '許可されました。これほど古い呼び出しについては、これ以上の記録がありません。',
  'At that moment the person was active, and the session had not ended.':
    'その時点で、ユーザーは有効で、セッションは終了していませんでした。',
  'At that moment the person was active, and their authorization of the program was neither withdrawn nor expired.':
    'その時点で、ユーザーは有効で、プログラムへの許可は取り消されておらず、期限も切れていませんでした。',
  'the person was signed in here, and a session stands for all that its person could allow, {scopes} included':
    '本人がここにサインインしており、セッションは本人が許可できるすべて（{scopes}を含む）に相当する',
  'the access token held {scopes}, which {tool} needs': 'アクセストークンが、{tool}に必要な{scopes}を持っていた',
  'It was allowed because {covered}.': '{covered}ため、許可されました。',
  'It was refused because {tool} needs {needed}, and the access token held only {held}.':
    '{tool}には{needed}が必要ですが、アクセストークンは{held}しか持っていなかったため、拒否されました。',
  'It was refused because {tool} needs {needed}, and the access token held no scope at all.':
    '{tool}には{needed}が必要ですが、アクセストークンはスコープを一つも持っていなかったため、拒否されました。',
  'The program was told which scopes to ask the person for.':
    'どのスコープを本人に求めるべきかが、プログラムに伝えられました。',
  'It was refused because there is no tool called {tool}. The program was told which names are like it.':
    '{tool}というツールはないため、拒否されました。似た名前がプログラムに伝えられました。',
  'It was refused because the arguments do not fit what {tool} takes: {faulty}. The tool was not run.':
    '引数が{tool}に合わないため、拒否されました: {faulty}。ツールは実行されていません。',
  'It was refused because the arguments do not fit what {tool} takes. The tool was not run.':
    '引数が{tool}に合わないため、拒否されました。ツールは実行されていません。',
  'The caller was allowed to: {covered}.': '{covered}ため、呼び出し自体は許可されていました。',
  'But {tool} acts with an account of the person’s, and {missing}.':
    'しかし、{tool}は本人のアカウントで操作するツールで、{missing}。',
  'It was allowed, because {covered}; but the caller gave up before it was finished.':
    '{covered}ため許可されましたが、終わる前に呼び出し元が中断しました。',
  'It was allowed, because {covered}; but it did not finish in time. It may or may not have been done.':
    '{covered}ため許可されましたが、時間内に終わりませんでした。実行されたかどうかは分かりません。',
  'It was refused because too much was asked at once.': '一度に多くのリクエストがあったため、拒否されました。',
  'It was allowed, because {covered}; but it broke: {reason}.':
    '{covered}ため許可されましたが、失敗しました。理由: {reason}。',
  'The log has the cause under the reference {reference}.': '原因は、ログの照会番号{reference}にあります。',
  'It was {tool} itself that refused: {reason}.': '拒否したのは{tool}自体です。理由: {reason}。',
  'The account: {account}, lost because {reason}.': 'アカウント: {account}。アクセスが失われた理由: {reason}。',
  'The account: {account}.': 'アカウント: {account}。',
  'its service is not set up here': 'そのサービスがここで設定されていませんでした',
  'they had connected none': 'アカウントが一つも接続されていませんでした',
  'the one that was named is none they had connected': '指定されたアカウントは接続されていませんでした',
  'the access to it had ended': 'アカウントへのアクセスが終了していました',
  'the access to it had been withdrawn': 'アカウントへのアクセスが取り消されていました',
  'theirs was connected without the access this needs': '必要なアクセスを許可せずに接続されていました',
  'they were asked to connect one and said no': '接続を求められましたが、本人が拒否しました',
  'they were asked to connect one and closed the question': '接続を求められましたが、本人が質問を閉じました',
  'there was none to act with': '操作に使えるアカウントがありませんでした',

  // Approvals
  'The person had approved this very call; the approval is used up: {approval}.':
    '本人がこの呼び出しを承認していました。承認{approval}は使用済みです。',
  'The program called {tool}, whose calls wait for the person’s word: because it may change or delete something, or because they chose so.':
    'プログラムが{tool}を呼び出しました。何かを変更または削除する可能性があるか、本人がそう選んだため、このツールの呼び出しは本人の承認を待ちます。',
  'Nothing was run. It could be decided until {when}.': '何も実行されていません。判断の期限は{when}でした。',
  'its time was over': '期限切れ',
  'The person, signed in here, saw the arguments and allowed the call: once, with exactly these arguments, for the program that asked.':
    'ここにサインインした本人が引数を確認し、求めたプログラムに対して、この引数のとおりに一度だけ呼び出しを許可しました。',
  'They also chose not to be asked about {tool} any more.': '本人は、{tool}について今後は確認しないことも選びました。',
  'The person, signed in here, saw the arguments and said no. The call was not run.':
    'ここにサインインした本人が引数を確認し、拒否しました。呼び出しは実行されていません。',
  'The person was asked by their program to look at the call and would not. The call was not run, and what had waited here was taken back.':
    '本人はプログラムから呼び出しの確認を求められましたが、確認しませんでした。呼び出しは実行されず、ここで待っていた確認は取り下げられました。',
  'The person had allowed this very call, but it came again only when the time for it was over. It was not run, and the person was asked anew.':
    '本人はこの呼び出しを許可していましたが、期限が切れてから再び呼び出されました。実行されず、本人に改めて確認が求められました。',
  'People choose for themselves when calls made for them wait.':
    'どの呼び出しが承認を待つかは、ユーザーがそれぞれ選びます。',
  'It was refused.': '拒否されました。',
  'Calls of this tool now always do.': 'このツールの呼び出しは、今後は常に承認を待ちます。',
  'Calls of this tool now never do.': 'このツールの呼び出しは、今後は承認を待ちません。',
  'For this tool the rule of this server counts again.': 'このツールには、再びこのサーバーの規則が適用されます。',
  'The approval: {approval}.': '承認: {approval}。',
  'But {tool} waits for the person’s approval, and they had given none that was good for this call: these arguments, from this program, once.':
    'しかし、{tool}は本人の承認を待つツールで、この呼び出し（この引数、このプログラム、一度だけ）に有効な承認はありませんでした。',
  'An earlier approval had ended before the call came again.':
    '以前の承認は、再び呼び出される前に期限が切れていました。',
  'But {tool} waits for the person’s approval, and they {said}.':
    'しかし、{tool}は本人の承認を待つツールで、本人は{said}。',
  'said no': '拒否しました',
  'were asked by their program to look at the call and said no': 'プログラムから呼び出しの確認を求められ、拒否しました',
  'were asked by their program to look at the call and closed the question':
    'プログラムから呼び出しの確認を求められ、質問を閉じました',

  // Keys of models
  'People may do this with keys of their own, and it was sent from a form of a session of theirs.':
    'ユーザーは自分のキーにこの操作を行え、この操作は本人のセッションのフォームから送信されました。',
  'The key “{name}” is for the model {model}. The key itself is written down nowhere.':
    'キー「{name}」は、モデル{model}用です。キー自体はどこにも記録されません。',
  'The key “{name}” is for the model {model} at {host}. The key itself is written down nowhere.':
    'キー「{name}」は、{host}のモデル{model}用です。キー自体はどこにも記録されません。',

  // Access tokens
  'It was refused, and nothing was done.': '拒否され、何も実行されませんでした。',
  'The access token was refused: {reason}.': 'アクセストークンが拒否されました。理由: {reason}。',
  'The access token was one of ours, and good once, but it had expired. Programs get a new one with their refresh token, so a few of these are nothing unusual.':
    'ここで発行された有効なアクセストークンでしたが、期限が切れていました。プログラムはリフレッシュトークンで新しいものを取得するため、多少の発生は普通のことです。',
  'The access token was one of ours and had not expired, but the authorization it hangs on had been withdrawn or had ended. Withdrawing counts from the very next call.':
    'ここで発行された期限内のアクセストークンでしたが、元になる許可が取り消されたか、終了していました。取り消しは次の呼び出しから有効になります。',
  'The access token was made for a browser session, and that session had ended: signed out, expired, or ended by somebody.':
    'ブラウザーのセッション用のアクセストークンでしたが、サインアウト、期限切れ、または誰かの操作により、そのセッションは終了していました。',
  'The access token was one of ours, but its person was suspended. That counts from the very next call.':
    'ここで発行されたアクセストークンでしたが、ユーザーが停止中でした。停止は次の呼び出しから有効になります。',
  'The access token was one of ours, but the account of its person was closed.':
    'ここで発行されたアクセストークンでしたが、ユーザーのアカウントが閉鎖されていました。',
  'The access token was one of ours, but its person no longer exists here.':
    'ここで発行されたアクセストークンでしたが、ユーザーがもうここに存在しませんでした。',
  'The access token was one of ours, but its program had been blocked by an administrator.':
    'ここで発行されたアクセストークンでしたが、プログラムが管理者によって停止されていました。',
  'More different access tokens were refused in this minute than are written down one by one.':
    'この1分間に拒否されたアクセストークンが、一件ずつ記録できる数を超えました。',

  // Signing in
  'development sign-in': '開発用サインイン',
  'It was allowed because Google vouched for who it is, and the account was active.':
    'Googleが本人であることを保証し、アカウントが有効だったため、許可されました。',
  'It was allowed because development sign-in is switched on, which takes everybody at their word, and the account was active.':
    '誰でも申告どおりに受け入れる開発用サインインがオンで、アカウントが有効だったため、許可されました。',
  'The role at that moment: {role}.': 'その時点の役割: {role}',
  'The sign-in by {way} did not come about: {reason}.': '{way}によるサインインは成立しませんでした。理由: {reason}。',
  'The sign-in by {way} was refused: {reason}.': '{way}によるサインインは拒否されました。理由: {reason}。',
  'The account was suspended.': 'アカウントは停止中でした。',
  'The account was disabled.': 'アカウントは無効でした。',
  'No session was started.': 'セッションは開始されませんでした。',

  // Consents and authorizations
  'the program': 'プログラム',
  'The answer went to {place}.': '回答は{place}に送られました。',
  'The answer went to {place}, a program on the person’s own computer.':
    '回答は、本人のコンピューター上のプログラム（{place}）に送られました。',
  'The person was asked for {scopes} and said no.': '本人は{scopes}を求められ、拒否しました。',
  'The person, signed in here, was asked for {scopes} and allowed all of it.':
    'ここにサインインした本人が{scopes}を求められ、すべて許可しました。',
  'The person, signed in here, was asked for {scopes} and allowed only {allowed}.':
    'ここにサインインした本人が{scopes}を求められ、{allowed}だけを許可しました。',
  'The authorization was ended because {reason}: either the program or somebody else has a copy that should not exist.':
    '許可は終了しました。理由: {reason}。プログラムか別の誰かが、あってはならない複製を持っています。',
  'Nobody can tell the two apart, so every token of the authorization died with it. The program has to be allowed anew.':
    'どちらかを見分ける方法がないため、この許可のトークンはすべて無効になりました。プログラムを改めて許可する必要があります。',
  'The program itself gave its token back, which ends the authorization. It has to be allowed anew to go on.':
    'プログラム自身がトークンを返却したため、許可は終了しました。続けるには、改めて許可する必要があります。',
  'everything the program had been allowed ({count, number} in number)':
    'プログラムへのすべての許可（{count, number}件）',
  'one authorization': '一つの許可',
  'The person ended {what}: {scopes}.': '本人が{what}を終了しました: {scopes}',
  'The person ended {what}.': '本人が{what}を終了しました。',
  'Its tokens are refused from the very next call on.': 'トークンは次の呼び出しから拒否されます。',

  // Programs
  'The registration was refused: {reason}.': '登録は拒否されました。理由: {reason}。',
  'It was told: {words}.': '伝えられた内容: {words}',
  'Any program may register itself; that alone allows it nothing. It can ask people, and each decides.':
    'どのプログラムも自分で登録できますが、それだけでは何も許可されません。プログラムはユーザーに許可を求め、それぞれのユーザーが決めます。',
  'It may be sent back to: {places}.': '戻り先: {places}',

  // Connections
  'The person, signed in here, said yes at the service, and came back to the same session with what was begun in it.':
    'ここにサインインした本人がサービスで許可し、手続きを始めたのと同じセッションに戻りました。',
  'The person entered a token that the service takes.': '本人が、サービスに受け付けられるトークンを入力しました。',
  'The person chose the account that is shared here, and the service takes its token.':
    '本人がここで共有されているアカウントを選び、そのトークンがサービスに受け付けられました。',
  'The service confirmed that the access has ended there too.': 'サービス側でもアクセスが終了したことを確認しました。',
  'The service did not confirm that the access has ended there.':
    'サービス側でアクセスが終了したことは確認できませんでした。',
  'The service has no way to be told.': 'サービスに終了を伝える方法がありません。',
  'The service was not told, because the same account is connected here once more and would have ended with it.':
    '同じアカウントがここでもう一つ接続されており、そちらも終了してしまうため、サービスには伝えていません。',
  'A token made by hand ends where it was made.': '手動で作成されたトークンは、作成した場所で終了します。',
  'It was the shared account; nothing ends at the service.': '共有アカウントのため、サービス側では何も終了しません。',
  'The access to the account was lost: {reason}.': 'アカウントへのアクセスが失われました。理由: {reason}。',
  'Calls with it are refused until the person connects it again; they were told once, with the link to do so.':
    '本人が再接続するまで、このアカウントを使う呼び出しは拒否されます。本人には、再接続のリンクを添えて一度通知されました。',
  'The connection did not come about: {reason}.': '接続は成立しませんでした。理由: {reason}。',
  'The connection was refused: {reason}.': '接続は拒否されました。理由: {reason}。',
  'Nothing was kept and nothing was overwritten.': '何も保管されておらず、何も上書きされていません。',
  'It was connected.': '接続されました。',
  'The service gave {scopes}.': 'サービスから許可されたもの: {scopes}',
  'People may disconnect their own accounts, and this was sent from a form of a session of theirs.':
    'ユーザーは自分のアカウントの接続を解除でき、この操作は本人のセッションのフォームから送信されました。',
  'Nothing was written down of the service.': 'サービスについての記録はありません。',
  'People may do this with connections of their own, and it was sent from a form of a session of theirs.':
    'ユーザーは自分の接続にこの操作を行え、この操作は本人のセッションのフォームから送信されました。',
  'Accounts that must be connected again because of it: {count, number}.':
    'これにより再接続が必要になったアカウント: {count, number}個',

  // Administration
  'It was allowed because whoever did it was signed in and an administrator at that moment.':
    '操作した人がその時点でサインインしており、管理者だったため、許可されました。',
  'It was not done: {reason}.': '実行されませんでした。理由: {reason}。',
  'It was refused: {reason}.': '拒否されました。理由: {reason}。',

  // Chat rooms
  'It was allowed because owners of a room decide who is in it.':
    'ルームのオーナーは参加者を決められるため、許可されました。',
  'It was allowed because owners of a room decide who is in it, and everybody may leave one.':
    'ルームのオーナーは参加者を決められ、参加者は誰でも退出できるため、許可されました。',
  'It was allowed because a member may lend the room their own accounts, for the tools it had at that moment.':
    '参加者は、その時点でルームにあったツールのために自分のアカウントを貸せるため、許可されました。',
  'It was allowed because the member who lends their accounts, and owners of the room, may end that.':
    'アカウントを貸している参加者とルームのオーナーは、貸与を終了できるため、許可されました。',
  'It was allowed because owners may delete a room.': 'ルームのオーナーはルームを削除できるため、許可されました。',
  'It was allowed because members may take along what they can read.':
    '参加者は自分が読める内容を持ち出せるため、許可されました。',
  'The room was called “{name}” then.': '当時のルーム名は「{name}」でした。',
}
