// How services are set up, in Japanese.
export const ja = {
  'What people connect their accounts through: an OAuth client of this server at each service, or an account it shares.':
    'ユーザーがアカウントを接続するときに使うものです。各サービスに登録したこのサーバーのOAuthクライアントか、共有アカウントです。',
  'Nothing to set up': '設定するものがありません',
  'This server has no tools that act at other services.':
    'このサーバーには、ほかのサービスを操作するツールがありません。',
  'OAuth client': 'OAuthクライアント',
  'Shared account': '共有アカウント',
  'Open {tools} ({service})': '開く: {tools}（{service}）',
  'Set up {tools} ({service})': '設定: {tools}（{service}）',
  Open: '開く',
  'Set up': '設定',
  'not set up': '未設定',
  'set up': '設定済み',
  'given by the environment': '環境変数で指定',
  'entered here': 'ここで入力',
  'How people connect accounts of {service}.': '{service}のアカウントの接続方法です。',
  Kept: '保存しました',
  Shared: '共有しました',
  'People can connect their accounts through it from now on.': 'ユーザーは今後、これを使ってアカウントを接続できます。',
  'Everybody here can choose this account from now on.': '今後、誰でもこのアカウントを選べます。',
  'Nobody can connect through it any more.': 'これを使った接続は、もうできません。',
  'Nobody can choose that account any more.': 'そのアカウントは、もう選べません。',
  '{lost, plural, one {# account} other {# accounts}} must be connected again.':
    '{lost, plural, other {#個}}のアカウントを再接続する必要があります。',
  'What this server is at {service}. People who connect an account see its name there and say yes to it.':
    '{service}でのこのサーバーの身元です。アカウントを接続するユーザーは、{service}でこの名前を確認して許可します。',
  'Client secret': 'クライアントシークレット',
  'kept sealed, never shown': '暗号化して保管（表示されません）',
  Changed: '変更日時',
  'Given by the environment': '環境変数で指定されています',
  'It is changed where the server is started. When the environment no longer gives it, it stays and can be changed here.':
    '変更は、サーバーを起動する環境で行います。環境変数で指定されなくなっても内容は残り、ここで変更できるようになります。',
  'How to register it at {service}': '{service}での登録方法',
  'Replace it': '置き換える',
  'Enter it': '入力する',
  'A new secret of the same client changes nothing for anybody. With another client id, {count, plural, one {# account must be connected again by its person} other {# accounts must be connected again by their people}}.':
    '同じクライアントの新しいシークレットなら、誰にも影響しません。クライアントIDが変わると、{count, plural, other {#個}}のアカウントを、それぞれのユーザーが再接続する必要があります。',
  'A new secret of the same client changes nothing for anybody.':
    '同じクライアントの新しいシークレットなら、誰にも影響しません。',
  'Remove the client': 'クライアントを削除',
  'One account of {service} that everybody here may choose instead of one of their own. What programs do with it is seen there as done by it, whoever had it done.':
    '誰でも自分のアカウントの代わりに選べる、{service}のアカウントです。プログラムの操作は、誰が行わせたかにかかわらず、{service}ではこのアカウントの操作として記録されます。',
  Token: 'トークン',
  'Chosen by': '選んだユーザー',
  'nobody yet': 'まだいません',
  '{people, plural, one {# person} other {# people}}': '{people, plural, other {#人}}',
  'Replace its token': 'トークンを置き換える',
  'Share an account': 'アカウントを共有する',
  'Check and replace': '確認して置き換える',
  'Check and share': '確認して共有',
  'Stop sharing': '共有をやめる',
  '{count, plural, one {# account} other {# accounts}}': '{count, plural, other {アカウント#個}}',
  'Remove the OAuth client of {service}?': '{service}のOAuthクライアントを削除しますか？',
  'Stop sharing {account}?': '{account}の共有をやめますか？',
  '{count, plural, one {This disconnects # account: no program can use it any more, from the very next call on.} other {This disconnects # accounts: no program can use them any more, from the very next call on.}}':
    '{count, plural, other {#個のアカウントの接続が解除されます。次の呼び出しから、どのプログラムも使えなくなります。}}',
  'No account is connected by it.': 'これを使って接続されたアカウントはありません。',
  'Nobody can connect an account through it until you enter another.':
    '別のクライアントを入力するまで、誰もこれを使ってアカウントを接続できません。',
  '{service} is not told. People find this server among the applications with access to their account there; so does whoever deletes the client at {service}.':
    '{service}には伝えられません。ユーザーは{service}で、アカウントへのアクセスを持つアプリケーションの中に、このサーバーを見つけられます。{service}でクライアントを削除しても終了できます。',
  'The token is deleted here. Delete it at {service} too, if you need it for nothing else.':
    'トークンはここから削除されます。ほかで使わない場合は、{service}でも削除してください。',
  Remove: '削除する',
  '{service} is not connected in this way.': '{service}は、この方法では接続できません。',
  'The environment gives this client. Change it where the server is started.':
    'このクライアントは環境変数で指定されています。サーバーを起動する環境で変更してください。',
  'There is nothing to remove, or no longer. Go back to the credentials.':
    '削除するものはないか、すでに削除されています。資格情報のページに戻ってください。',
}
