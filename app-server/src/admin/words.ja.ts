// The admin pages in Japanese.
import { ja as reasons } from './audit-why-words.ja.js'
import { ja as audit } from './audit-words.ja.js'
import { ja as credentials } from './credential-words.ja.js'
import { ja as figures } from './figure-words.ja.js'

export const ja = {
  ...audit,
  ...reasons,
  ...credentials,
  ...figures,

  Admin: '管理',
  Overview: '概要',
  People: 'ユーザー',
  Clients: 'クライアント',
  Credentials: '資格情報',
  Audit: '監査',
  Settings: '設定',
  'These pages are for administrators, and {email} is none. Ask one of them to make you one.':
    'このページは管理者専用です。{email}は管理者ではありません。管理者に権限の付与を依頼してください。',
  '“{name}”': '「{name}」',
  'not known': '不明',
  'not yet': 'まだありません',
  never: 'なし',
  any: 'すべて',
  none: 'なし',
  Connected: '接続',
  'Last used': '最終利用',

  // People
  'Everybody who ever signed in, the newest first.': 'これまでにサインインした全員を、新しい順に表示します。',
  'Name or e-mail': '名前またはメールアドレス',
  Status: '状態',
  Role: '役割',
  active: '有効',
  suspended: '停止中',
  disabled: '無効',
  member: 'メンバー',
  administrator: '管理者',
  'Nobody fits': '該当するユーザーはいません',
  'Show everybody': '全員を表示',
  'Try a shorter part of the name or address, or any status.':
    '名前やアドレスの一部を短くするか、状態を「すべて」にしてみてください。',
  'There is nobody on this page.': 'このページには誰もいません。',
  Name: '名前',
  'Last sign-in': '最終サインイン',
  Joined: '登録日時',
  you: 'あなた',

  // One person
  Account: 'アカウント',
  Id: 'ID',
  'What you can do': 'できる操作',
  'This is you. Suspending or disabling you is for another administrator.':
    'これはあなたです。あなたの停止や無効化は、ほかの管理者だけが行えます。',
  'Programs with access': 'アクセスを持つプログラム',
  'No program may act for this person.': 'このユーザーの代わりに操作できるプログラムはありません。',
  Program: 'プログラム',
  May: 'できること',
  Withdraw: '取り消す',
  '{count, number} consents': '同意{count, number}件',
  'Withdraw the access of {name}': '取り消す: {name}のアクセス',
  Sessions: 'セッション',
  'Signed in nowhere.': 'サインイン中のブラウザーはありません。',
  Device: '端末',
  Address: 'アドレス',
  'Signed in': 'サインイン日時',
  'Last seen': '最終利用',
  Lately: '最近の記録',
  'The newest entries of the audit log by or about this person.':
    'このユーザーによる、またはこのユーザーに関する、監査ログの最新の記録です。',
  'Nothing is written down.': '記録はありません。',
  'All entries of this person': 'このユーザーの全記録',
  'You can take it back: <a>{act}</a>.': '元に戻せます: <a>{act}</a>',
  'It counts from this moment on, on every server.': 'この時点から、すべてのサーバーで有効です。',

  // What can be done to a person
  Suspend: '停止する',
  'for now; keeps everything': '一時的に。すべて残ります',
  'Suspend {name}?': '{name}さんを停止しますか？',
  'They are signed out everywhere at once and cannot sign in.':
    'すぐにすべてのブラウザーからサインアウトされ、サインインできなくなります。',
  'Programs that act for them are refused from their very next call on.':
    'このユーザーの代わりに操作するプログラムは、次の呼び出しから拒否されます。',
  'Nothing is lost: when you reactivate them, their programs go on working.':
    '何も失われません。再開すると、プログラムは引き続き使えます。',
  Suspended: '停止しました',
  Disable: '無効にする',
  'for good; withdraws all programs': '恒久的に。全プログラムを取り消します',
  'Disable the account of {name}?': '{name}さんのアカウントを無効にしますか？',
  'All their programs lose their access for good; each would have to be connected anew.':
    'すべてのプログラムがアクセスを失います。使うには、それぞれ接続し直す必要があります。',
  'What they did and made here stays. You can reactivate the account.':
    'このユーザーがここで行ったことや作ったものは残ります。アカウントは再開できます。',
  Disabled: '無効にしました',
  Reactivate: '再開する',
  'lets them in again': '再び使えるようにします',
  'Reactivate {name}?': '{name}さんを再開しますか？',
  'They can sign in again, and programs that still have their access go on working.':
    '再びサインインできるようになり、アクセスが残っているプログラムも引き続き使えます。',
  Reactivated: '再開しました',
  'Make administrator': '管理者にする',
  'sees and changes everything here': 'すべてを閲覧、変更できます',
  'Make {name} an administrator?': '{name}さんを管理者にしますか？',
  'They see all people, clients and audit entries.':
    'すべてのユーザー、クライアント、監査の記録を見られるようになります。',
  'They can suspend people, block clients and make administrators, you included.':
    'ユーザーの停止、クライアントの停止、管理者の任命ができるようになります。あなたも対象に含まれます。',
  'Now an administrator': '管理者になりました',
  'Make member': 'メンバーにする',
  'takes these pages away': 'この管理ページを使えなくします',
  'Make {name} an ordinary member?': '{name}さんを一般のメンバーにしますか？',
  'They lose the admin pages at their next click.': '次の操作から、管理ページを使えなくなります。',
  'Their account, sessions and programs stay as they are.': 'アカウント、セッション、プログラムはそのまま残ります。',
  'Now a member': 'メンバーになりました',
  'End all sessions': 'すべてのセッションを終了',
  'signs them out everywhere': 'すべてのブラウザーからサインアウトします',
  'End all sessions of {name}?': '{name}さんのすべてのセッションを終了しますか？',
  'They are signed out of every browser and can sign in again.':
    'すべてのブラウザーからサインアウトされます。もう一度サインインできます。',
  'Their programs keep their access.': 'プログラムのアクセスはそのまま残ります。',
  'All sessions ended': 'すべてのセッションを終了しました',
  'one program': 'プログラム一つ',
  'Withdraw the access of “{name}”?': '「{name}」のアクセスを取り消しますか？',
  'It is refused from its very next call on.': '次の呼び出しから拒否されます。',
  'To use it again, the person connects it anew and says yes once more.':
    'もう一度使うには、本人が接続し直して、改めて許可する必要があります。',
  'Access withdrawn': 'アクセスを取り消しました',
  'There is no such thing to do. Go back to the page of the person.':
    'その操作はありません。ユーザーのページに戻ってください。',
  'There is nobody of that id. Look for them in the list of people.':
    'そのIDのユーザーはいません。ユーザーの一覧で探してください。',
  'Say whose access to withdraw. Start at the page of the person.':
    'どのプログラムのアクセスを取り消すか指定してください。ユーザーのページから始めてください。',
  'Their address is in ADMIN_EMAILS: unless it is taken out there, their next sign-in makes them one again.':
    'このユーザーのアドレスはADMIN_EMAILSに含まれています。そこから外さない限り、次のサインインで再び管理者になります。',
  'This is you: only another administrator can take it back.':
    'これはあなたです。元に戻せるのは、ほかの管理者だけです。',
  'This is you: this browser is signed out too.': 'これはあなたです。このブラウザーもサインアウトされます。',

  // Clients
  'Remove {count, number} unused': '未使用の{count, number}件を削除',
  'Programs that asked to act for people, the newest first. Their names are their own claims.':
    'ユーザーの代わりの操作を求めたプログラムを、新しい順に表示します。名前は自称です。',
  'Nothing to remove': '削除するものがありません',
  Removed: '削除しました',
  'All of them are in use.': 'すべて使用中です。',
  '{removed, plural, one {# unused client is} other {# unused clients are}} gone.':
    '未使用のクライアント{removed, plural, other {#件}}を削除しました。',
  'Name or id': '名前またはID',
  'Known by': '登録方法',
  State: '状態',
  either: 'すべて',
  registration: '登録',
  document: 'メタデータ文書',
  'with access': 'アクセスあり',
  'without access': 'アクセスなし',
  blocked: '停止中',
  'No client fits': '該当するクライアントはありません',
  'No client yet': 'クライアントはまだありません',
  'Show all clients': 'すべてのクライアントを表示',
  'Try a shorter part of the name, or any state.': '名前の一部を短くするか、状態を「すべて」にしてみてください。',
  'A program shows here when it registers, or when somebody allows it something.':
    'プログラムは、登録されたとき、または誰かが何かを許可したときに、ここに表示されます。',
  Client: 'クライアント',
  'Returns to': '戻り先',
  'Known since': '登録日時',
  'registered itself': '自分で登録',
  'own computer': '本人のコンピューター',
  nowhere: 'なし',

  // One client
  'Described at {site}. The name is its own claim.': '{site}で説明を公開しています。名前は自称です。',
  'Registered itself; nobody has checked who made it. The name is its own claim.':
    '自分で登録したプログラムで、作成者は誰も確認していません。名前は自称です。',
  'its client ID metadata document': 'クライアントIDのメタデータ文書',
  'Client id': 'クライアントID',
  'Last allowed': '最後の許可',
  'All entries of this client': 'このクライアントの全記録',
  'Who lets it act for them': '代わりの操作を許可しているユーザー',
  Nobody: 'いません',
  'Nobody on this page': 'このページにはいません',
  'Nobody has an authorization of this client that counts now.':
    'このクライアントへの有効な許可を持つユーザーはいません。',
  Authorizations: '許可',
  Person: 'ユーザー',
  'It may': 'できること',
  Allowed: '許可日時',
  somebody: '不明なユーザー',
  'Withdraw what {name} allowed': '取り消す: {name}が許可したもの',
  '{blocked} since {when}': '{blocked} {when}から',
  '{grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}':
    '{people, plural, other {#人}}からの許可{grants, plural, other {#件}}',
  'Withdraw all access': 'すべてのアクセスを取り消す',
  'Withdraw all access of “{name}”?': '「{name}」のすべてのアクセスを取り消しますか？',
  'This ends {grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}.':
    '{people, plural, other {#人}}からの許可{grants, plural, other {#件}}が終了します。',
  'People can connect it anew. To prevent that, block it.':
    'ユーザーは接続し直せます。接続できないようにするには、停止してください。',
  'All access withdrawn': 'すべてのアクセスを取り消しました',
  'It can act for nobody until somebody allows it anew.': '誰かが改めて許可するまで、誰の代わりの操作もできません。',
  Block: '停止する',
  'Block “{name}”?': '「{name}」を停止しますか？',
  'This ends {grants, plural, one {# authorization} other {# authorizations}} of {people, plural, one {# person} other {# people}}; unblocking does not bring them back.':
    '{people, plural, other {#人}}からの許可{grants, plural, other {#件}}が終了します。停止を解除しても元には戻りません。',
  'It is refused from its very next call on, and nobody can connect it any more.':
    '次の呼び出しから拒否され、誰も接続できなくなります。',
  'It registered itself, so the same program can register once more under another id. Then it is another client here.':
    '自分で登録したプログラムなので、別のIDでもう一度登録できます。その場合は、ここでは別のクライアントになります。',
  Blocked: '停止しました',
  'It can act for nobody, and nobody can connect it.': '誰の代わりの操作もできず、誰も接続できません。',
  Unblock: '停止を解除する',
  'Unblock “{name}”?': '「{name}」の停止を解除しますか？',
  'People can connect it again. What was withdrawn stays withdrawn.':
    'ユーザーは再び接続できます。取り消された許可は元には戻りません。',
  Unblocked: '停止を解除しました',
  'People can connect it again.': 'ユーザーは再び接続できます。',
  'Remove {removable, plural, one {# unused client} other {# unused clients}}?':
    '未使用のクライアント{removable, plural, other {#件}}を削除しますか？',
  'They registered themselves, and nobody lets them act now.':
    '自分で登録したもので、現在は誰も操作を許可していません。',
  'A program that comes back to one of these registrations is not known any more; most then register anew by themselves.':
    '削除した登録を使うプログラムは、登録のないものとして扱われます。ほとんどは自動的に登録し直します。',
  'Blocked ones and those of the last hour stay.': '停止中のものと、直近1時間のものは残ります。',
  'The oldest {count, number} go now; repeat it for the others.':
    '今回は古いものから{count, number}件を削除します。残りは繰り返して削除してください。',
  'Remove them': '削除する',
  'A client that registered itself': '自分で登録したクライアント',
  'There is no such client, or no longer. Look for it in the list.':
    'そのクライアントは存在しないか、すでに存在しません。一覧で探してください。',
  'There is no such thing to do. Go back to the page of the client.':
    'その操作はありません。クライアントのページに戻ってください。',
}
