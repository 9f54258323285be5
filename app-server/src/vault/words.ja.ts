// What is said about connected accounts, in Japanese.
import { ja as failures } from './failure-words.ja.js'

export const ja = {
  ...failures,

  // Connecting
  Connections: '接続',
  'Connect {service}': '{service}を接続',
  'Connect {account} again': '{account}を再接続',
  'Allow more for {account}': '{account}の許可を追加',
  'Programs you allow here can then use this account of yours, each as far as you let it. Only {name} ({email}) uses it here, and you can disconnect it at any time.':
    'ここで許可したプログラムが、それぞれに許可した範囲で、あなたのこのアカウントを使えるようになります。ここでこのアカウントを使うのは{name}（{email}）だけです。接続はいつでも解除できます。',
  Cancel: 'キャンセル',
  'They already may:': 'プログラムがすでにできること:',
  'They may then:': '接続すると、プログラムができること:',
  'They may also': '追加で許可すること',
  'They may then': '接続すると、プログラムができること',
  'At {service} you choose yourself what of it this includes.':
    'どこまで含めるかは、{service}の画面でご自分で選べます。',
  '{service} has one permission for all of it. Each program still gets only what you allow it.':
    '{service}では、これらが一つの権限になっています。それでも、各プログラムには許可したものだけが渡ります。',
  Through: '経由',
  'your own OAuth client, {id}': 'ご自分のOAuthクライアント（{id}）',
  'the OAuth client of this server': 'このサーバーのOAuthクライアント',
  'At {service}': '{service}の画面で',
  'choose {account} again': 'もう一度{account}を選んでください',
  'Continue to {service}': '{service}へ進む',
  'makes changes': '変更を伴う',
  'Use the shared account': '共有アカウントを使う',
  'Enter your {token}': '{token}を入力する',
  'Or without leaving this site': 'または、このサイトから移動せずに接続',
  'Choose how': '方法を選ぶ',
  'Whoever runs this server shares the account “{account}” with everybody here. What programs do with it is seen there as done by it, not by you.':
    'このサーバーの運用担当者が、アカウント「{account}」を全員に共有しています。プログラムの操作は、あなたではなく、このアカウントの操作として記録されます。',
  'Use it': '使う',
  'Make a {token} at <a>{service}</a>. {hint}': '<a>{service}</a>で{token}を作成してください。{hint}',
  'Check and connect': '確認して接続',
  'It is asked about at once, kept sealed, and never shown again.':
    'すぐにサービスへ確認し、暗号化して保管します。二度と表示されません。',
  'Not set up yet': 'まだ設定されていません',
  'Nobody can connect {service} before this server has an OAuth client there. You are an administrator: enter one.':
    'このサーバーのOAuthクライアントが{service}に登録されるまで、誰も接続できません。あなたは管理者なので、登録したクライアントを入力してください。',
  'Whoever runs this server has not set up {service}. Ask them to do so on the page “Credentials”, or enter an OAuth client of your own.':
    'このサーバーでは、まだ{service}が設定されていません。「資格情報」のページで設定するよう運用担当者に依頼するか、ご自分のOAuthクライアントを入力してください。',
  'Set up {service}': '{service}を設定',
  'Use an OAuth client of your own': 'ご自分のOAuthクライアントを使う',
  'The account that was to be connected again is not here any more. You can connect it anew.':
    '再接続しようとしたアカウントは、もうここにありません。新しく接続できます。',
  'Leave at least one box ticked, or cancel.': '少なくとも一つにチェックを残すか、キャンセルしてください。',
  'Whoever runs this server shares no account of this service, or no longer.':
    'このサービスの共有アカウントは用意されていないか、なくなりました。',
  'The service does not take the shared token any more. Tell whoever runs this server.':
    '共有アカウントのトークンは、もうサービスに受け付けられません。このサーバーの運用担当者にお知らせください。',
  'That account is not connected here any more. Connect {service} anew.':
    'そのアカウントは、もうここに接続されていません。{service}を新しく接続してください。',
  'Connecting {service} is not set up here, or no longer. Go back and reload the page.':
    '{service}の接続は、ここでは設定されていないか、設定がなくなりました。戻ってページを再読み込みしてください。',
  '{service} is not connected by a token. Go back and reload the page.':
    '{service}は、トークンでは接続できません。戻ってページを再読み込みしてください。',

  // What is wrong with what was typed
  '{field} is needed.': '{field}を入力してください。',
  'At most {count} characters.': '{count}文字以内で入力してください。',
  'This is not a whole address, like https://example.com.':
    'アドレスの形になっていません。https://example.comのように入力してください。',
  'This is not a whole e-mail address.': 'メールアドレスの形になっていません。',
  'Paste the {token} here.': 'ここに{token}を貼り付けてください。',
  'This is no {token}: it has signs in it that none has. Copy it once more.':
    '使えない文字が含まれているため、{token}として受け付けられません。もう一度コピーしてください。',
  '{service} does not take this {token}. Check it, or make a new one.':
    'この{token}は{service}に受け付けられません。確認するか、新しく作成してください。',
  token: 'トークン',
  '{title}. {words}': '{title}。{words}',
  'More than {count} tokens were tried within {minutes} minutes. Wait that long and try again.':
    '{minutes}分のあいだに{count}個を超えるトークンが試されました。{minutes}分ほど待ってから、もう一度お試しください。',
  'You began to connect accounts more than {count} times within {minutes} minutes. Wait that long and try again.':
    '{minutes}分のあいだにアカウントの接続を{count}回を超えて始めました。{minutes}分ほど待ってから、もう一度お試しください。',
  'There is no such service here. Choose one at /connections.':
    'そのサービスはここにはありません。/connectionsから選んでください。',

  // Connected
  Connected: '接続しました',
  'Connected, but not for everything': '接続しましたが、一部は許可されていません',
  Account: 'アカウント',
  'Programs may': 'プログラムができること',
  'do nothing with it yet': 'まだ何もできません',
  'Not given': '許可されなかったもの',
  '{service} did not give what this needs:': '次の操作に必要な許可が、{service}から得られませんでした。',
  'Until you allow it, these do not work: {titles}.': '許可するまで、次のツールは使えません: {titles}',
  'You can go back to your program': 'プログラムに戻ってください',
  'Have it try again: it finds the account by itself. You can close this page.':
    'プログラムにもう一度実行させてください。アカウントは自動的に見つかります。この画面は閉じてかまいません。',
  'Ask for it again': 'もう一度許可を求める',
  'Go on': '続ける',

  // The list
  'Your accounts at other services. Programs you allow use them for you; nobody else does, and you can disconnect one at any time.':
    'ほかのサービスでのあなたのアカウントです。許可したプログラムだけが、あなたの代わりに使います。接続はいつでも解除できます。',
  'Nothing to connect': '接続できるものがありません',
  'This server has no tools that act at other services.':
    'このサーバーには、ほかのサービスを操作するツールがありません。',
  'Not set up': '設定されていません',
  'No account connected': '接続されたアカウントはありません',
  'Connect {service}, for {tools}': '{service}を接続（{tools}）',
  'This server has no OAuth client at {service} yet. You can connect an account all the same, by your own {token}.':
    'このサーバーには、まだ{service}のOAuthクライアントがありません。それでも、ご自分の{token}でアカウントを接続できます。',
  '{count} tools wait for it: {titles}.': '接続すると、{count}個のツールが使えます: {titles}',
  '{titles} and {count} more': '{titles}、ほか{count}個',
  'Connect another account of {service}, for {tools}': '別のアカウントを接続（{service}、{tools}）',
  'Connect another account': '別のアカウントを接続',
  'Your own OAuth client at {service}': 'ご自分のOAuthクライアント（{service}）',
  'Your own OAuth client': 'ご自分のOAuthクライアント',
  'This server has no OAuth client at {service} yet. Register one there and enter it: the page says how.':
    'このサーバーには、まだ{service}のOAuthクライアントがありません。{service}で登録して入力してください。手順は設定のページにあります。',
  'This server has no OAuth client at {service} yet. Whoever runs it registers one there and enters it on the page “Credentials”, or in the environment.':
    'このサーバーには、まだ{service}のOAuthクライアントがありません。運用担当者が{service}で登録し、「資格情報」のページか環境変数で入力します。',
  default: '既定',
  'Reconnect {account}': '再接続: {account}',
  Reconnect: '再接続',
  'Allow more': '許可を追加',
  'Make {account} the default': '既定にする: {account}',
  'Make default': '既定にする',
  'Disconnect {account} of {tools}': '接続を解除: {tools}の{account}',
  Disconnect: '接続を解除',
  State: '状態',
  'Programs could': 'プログラムができたこと',
  'As far as its token goes; {service} does not say how far that is.':
    'トークンの権限の範囲で使えます。{service}は、その範囲を示していません。',
  'Not allowed': '許可していないこと',
  'Last used': '最終利用',
  'not yet': 'まだありません',
  '{when}, through the OAuth client of this server': '{when}、このサーバーのOAuthクライアント経由',
  '{when}, through your own OAuth client': '{when}、ご自分のOAuthクライアント経由',
  '{when}, by a token of yours': '{when}、ご自分のトークンで接続',
  '{when}, by a token that whoever runs this server shares': '{when}、運用担当者が共有するトークンで接続',
  connected: '接続中',
  'access withdrawn': 'アクセスが取り消されました',
  'connect it again': '再接続が必要です',
  '{why}. Since {when}.': '{why}。{when}からこの状態です。',
  Renewal: '更新',
  '{failures, plural, one {failed once} other {failed # times in a row}}': '{failures, plural, other {#回続けて失敗}}',
  '{why} It stays connected. The next try is at {when}.': '{why}接続は保たれています。次の更新は{when}です。',
  '{why} It stays connected. The next use tries again.':
    '{why}接続は保たれています。次に使うときに、もう一度更新を試みます。',
  Ends: '期限',
  'Last renewed': '最終更新',
  '{service} does not take your own OAuth client: check its ID and secret.':
    'あなたのOAuthクライアントが{service}に受け付けられません。IDとシークレットを確認してください。',
  '{service} does not take the OAuth client of this server: whoever runs it must check that.':
    'このサーバーのOAuthクライアントが{service}に受け付けられません。運用担当者による確認が必要です。',
  '{service} answered in a way that is not understood. If it stays, tell whoever runs this server.':
    '{service}からの回答を理解できませんでした。続くようなら、このサーバーの運用担当者にお知らせください。',
  '{service} cannot do it right now.': '現在、{service}側で処理できません。',

  // Why access was lost
  "a renewal of its access that began at {began} was cut off before {service}'s new tokens were kept":
    '{began}に始まったアクセスの更新が、{service}の新しいトークンを保管する前に途切れました',
  '{service} says that its access was withdrawn or has expired':
    '{service}によると、アクセスが取り消されたか、期限が切れました',
  '{service} does not take its token any more': 'トークンが{service}に受け付けられなくなりました',
  'its access has ended and {service} gave nothing to renew it with':
    'アクセスの期限が切れ、更新に必要なものが{service}から渡されていません',
  'what it was connected through was replaced by another': '接続に使っていた資格情報が、別のものに置き換えられました',
  'its access was lost at {when} ({status})': '{when}にアクセスが失われました（{status}）',
  'Connect your {service} account {account} again': '{service}のアカウント{account}を再接続してください',
  'Your {service} account {account} is disconnected': '{service}のアカウント{account}の接続が解除されました',
  'Programs can no longer use your {service} account {account}: an administrator removed what it was connected through, and its tokens are deleted here. Connections shows whether {service} can be connected again.':
    'プログラムが{service}のアカウント{account}を使えなくなりました。管理者が接続に使っていた設定を削除し、ここにあったトークンも削除されました。{service}に再接続できるかどうかは「接続」に表示されます。',
  'Programs can no longer use your {service} account {account}: {why}. Connect it again to let them go on; nothing else changes.':
    'プログラムが{service}のアカウント{account}を使えなくなりました。理由: {why}。再接続すると、引き続き使えるようになります。ほかに変わることはありません。',

  // What was done a moment ago
  'Nothing to do': '操作は必要ありません',
  'That account is not connected here, or no longer.': 'そのアカウントは接続されていないか、接続が解除されています。',
  Kept: '保存しました',
  'From now on you connect accounts of {service} through your own client.':
    '今後、{service}のアカウントはご自分のクライアント経由で接続します。',
  Removed: '削除しました',
  'Your OAuth client at {service} is forgotten here.': '{service}のあなたのOAuthクライアントを、ここから削除しました。',
  Done: '完了',
  'Programs use {account} when they name no account.': 'アカウントを指定しないプログラムは、{account}を使います。',
  '{account} of {tools} is ready for the programs you allow.':
    '{tools}の{account}を、許可したプログラムから使えるようになりました。',
  'Connected again': '再接続しました',
  '{account} of {tools} works again.': '{tools}の{account}が、再び使えるようになりました。',
  Disconnected: '接続を解除しました',
  'No program can use that account any more, from this moment on. Its tokens are deleted here.':
    'この時点から、どのプログラムもそのアカウントを使えません。トークンはここから削除されました。',
  '{service} confirmed that the access has ended there too.': '{service}側でもアクセスが終了したことを確認しました。',
  '{service} did not confirm that the access has ended there.':
    '{service}側でアクセスが終了したことは確認できませんでした。',
  '{service} has no way for us to tell it.': '{service}には、こちらから終了を伝える方法がありません。',
  '{service} was not told, because the same account is connected here once more, and that would end as well.':
    '同じアカウントがここでもう一つ接続されており、そちらも終了してしまうため、{service}には伝えていません。',
  'To end it at {service} too, remove this server there, among the applications that have access to your account.':
    '{service}側でも終了するには、アカウントへのアクセスを持つアプリケーションの一覧から、このサーバーを削除してください。',
  'They are listed at {address}.': '一覧は{address}にあります。',
  'The {token} still works at {service} itself. Delete it there if you need it for nothing else.':
    '{token}自体は、{service}でまだ有効です。ほかで使わない場合は、{service}で削除してください。',
  'It was the shared account, which others go on using.':
    'これは共有アカウントでした。ほかのユーザーは引き続き使えます。',

  // Disconnecting
  'Disconnect {account}?': '{account}の接続を解除しますか？',
  'Disconnect {account}': '{account}の接続を解除',
  'No program can use {account} any more, from its very next call on.':
    '次の呼び出しから、どのプログラムも{account}を使えなくなります。',
  'These tools stop working for you, from the very next call on, until you connect an account again: {tools}.':
    '次の呼び出しから、もう一度アカウントを接続するまで、次のツールが使えなくなります: {tools}',
  'Programs that name no account use {account} from then on.':
    'それ以降、アカウントを指定しないプログラムは{account}を使います。',
  'Programs that name no account use another of your accounts from then on.':
    'それ以降、アカウントを指定しないプログラムは、あなたの別のアカウントを使います。',
  'The token is deleted here; at the service itself it stays what it is.':
    'トークンはここから削除されます。サービス側ではそのまま残ります。',
  'The tokens are deleted here, and {service} is told that the access has ended, where it takes that.':
    'トークンはここから削除されます。{service}が対応していれば、アクセスの終了を伝えます。',
  'the service': 'サービス',
  'You have {count} accounts of this service connected. Disconnect one first.':
    'このサービスのアカウントがすでに{count}個接続されています。先に一つ接続を解除してください。',
  'This account is not connected, or no longer.': 'このアカウントは接続されていないか、接続が解除されています。',

  // OAuth clients
  'Most people need none. With one of your own, {service} shows your application’s name when you connect, and its limits are yours alone.':
    'ほとんどの人には必要ありません。ご自分のクライアントを使うと、接続時に{service}であなたのアプリケーション名が表示され、利用制限もあなただけのものになります。',
  'Client id': 'クライアントID',
  'Client secret': 'クライアントシークレット',
  Entered: '入力日時',
  'Connected through it': 'これを使った接続',
  'nothing yet': 'まだありません',
  'Before you replace it': '置き換える前に',
  'A new secret of the same client changes nothing for your accounts. With another client id, {accounts} must be connected again.':
    '同じクライアントの新しいシークレットなら、アカウントには影響しません。クライアントIDが変わると、{accounts}を再接続する必要があります。',
  'Remove it': '削除する',
  'Go back': '戻る',
  'Open <a>where {service} keeps its OAuth clients</a>.': '<a>{service}のOAuthクライアントの管理画面</a>を開きます。',
  'Redirect URI for {service}': '{service}用のリダイレクトURI',
  'It is kept sealed and never shown again.': '暗号化して保管します。二度と表示されません。',
  Replace: '置き換える',
  Keep: '保存',
  'Copy the client id from the service.': 'サービスからクライアントIDをコピーしてください。',
  'This is no client id. Copy it once more, without spaces.':
    'クライアントIDとして受け付けられません。空白を入れずに、もう一度コピーしてください。',
  'Copy the client secret from the service.': 'サービスからクライアントシークレットをコピーしてください。',
  'This is no client secret. Copy it once more, without spaces.':
    'クライアントシークレットとして受け付けられません。空白を入れずに、もう一度コピーしてください。',
  'Remove your OAuth client at {service}?': '{service}のあなたのOAuthクライアントを削除しますか？',
  'This disconnects {names}: no program can use {count, plural, one {it} other {them}} any more, from its very next call on.':
    '{names}の接続が解除されます。次の呼び出しから、どのプログラムも{count, plural, other {それ}}を使えなくなります。',
  'No account is connected through it.': 'これを使って接続されたアカウントはありません。',
  'Its secret is deleted here. The client itself stays at the service until you delete it there.':
    'シークレットはここから削除されます。クライアント自体は、サービスで削除するまで残ります。',
  Remove: '削除する',
  '{service} is connected without an OAuth client.': '{service}の接続にOAuthクライアントは使いません。',
  'There are {count} tokens and clients of yours here already. Remove one first.':
    'あなたのトークンとクライアントがすでに{count}個あります。先に一つ削除してください。',
  'There is an OAuth client for this service already. Change that one instead.':
    'このサービスのOAuthクライアントはすでにあります。そちらを変更してください。',
  'This credential is not there, or no longer.': 'この資格情報は存在しないか、すでに存在しません。',
}
