// What is said about people, signing in and sessions, in Japanese.
export const ja = {
  // Signing in
  'Sign in': 'サインイン',
  'The checkpoint between your programs and the services they act on.':
    'プログラムと、プログラムが操作するサービスとのあいだに立つ関所です。',
  'You will go on right where you were.': 'サインインすると、元の画面から続けられます。',
  'Continue with Google': 'Googleで続ける',
  or: 'または',
  'Nobody can sign in yet': 'まだ誰もサインインできません',
  'Whoever runs this server must set GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET and start it again.':
    'このサーバーの運用担当者が、GOOGLE_CLIENT_IDとGOOGLE_CLIENT_SECRETを設定して起動し直す必要があります。',
  Development: '開発用',
  'Anyone who can open this page can be anyone here. Made for trying things out.':
    'このページを開ける人なら、誰にでもなりすませます。お試しのためのものです。',
  Name: '名前',
  'E-mail': 'メールアドレス',
  'Tell us what to call you, in at most 100 characters.': 'お呼びする名前を100文字以内で入力してください。',
  'This is not a whole e-mail address, like mika@example.com.':
    'メールアドレスの形になっていません。mika@example.comのように入力してください。',
  'This address is too long.': 'このメールアドレスは長すぎます。',
  'You are signed out': 'サインアウトしました',
  'Programs you allowed keep their access until you withdraw it.':
    '許可したプログラムは、アクセスを取り消すまで引き続き使えます。',
  'Please send this once more': 'もう一度送信してください',
  'The page had been open too long, or came from another browser. Nothing happened.':
    'ページを開いてから時間が経ちすぎたか、別のブラウザーのページでした。何も実行されていません。',
  'This way of signing in is not offered here. Go to /auth/login for those that are.':
    'このサインイン方法はここでは使えません。使える方法は/auth/loginでご確認ください。',
  'There were too many sign-ins from your network within {minutes} minutes. Wait that long and try again.':
    'お使いのネットワークから{minutes}分のあいだに行われたサインインが多すぎます。{minutes}分ほど待ってから、もう一度お試しください。',

  // Signing in with Google
  'Google sign-in': 'Googleでのサインイン',
  'Try Google again': 'もう一度Googleで試す',
  'Back to the sign-in page': 'サインイン画面に戻る',
  'You did not sign in': 'サインインしませんでした',
  'The sign-in was cancelled at Google, and nothing was shared. Try again whenever you like.':
    'Googleの画面でサインインが取り消されました。何も共有されていません。いつでもやり直せます。',
  'This sign-in is no longer open': 'このサインインはもう有効ではありません',
  'A sign-in ends in the browser it began in, once, and within 10 minutes. This one came too late, a second time, or to another browser. Start again here.':
    'サインインは、始めたのと同じブラウザーで、10分以内に、一度だけ完了できます。今回は時間切れか、二度目か、別のブラウザーでした。ここから始め直してください。',
  'Google did not complete the sign-in': 'Googleでのサインインが完了しませんでした',
  'Google sent you back without signing you in. Try again; if it stays, tell whoever runs this server.':
    'サインインされないままGoogleから戻されました。もう一度お試しください。続くようなら、このサーバーの運用担当者にお知らせください。',
  'Google does not accept this server': 'Googleがこのサーバーを受け付けません',
  'Sign-in with Google is not set up rightly here, and trying again will not help. Tell whoever runs this server to check GOOGLE_CLIENT_ID, GOOGLE_CLIENT_SECRET and the redirect URI.':
    'このサーバーでは、Googleでのサインインが正しく設定されていません。やり直しても解決しません。GOOGLE_CLIENT_ID、GOOGLE_CLIENT_SECRET、リダイレクトURIを確認するよう、このサーバーの運用担当者にお伝えください。',
  'Google cannot be reached': 'Googleにつながりません',
  'Google did not answer, or not in time. Nothing is lost: wait a moment and try again.':
    'Googleから時間内に応答がありませんでした。失われたものはありません。少し待ってから、もう一度お試しください。',
  'Google has not verified your e-mail address': 'メールアドレスがGoogleで確認されていません',
  'Verify the address in your Google account, or choose another account.':
    'Googleアカウントでメールアドレスを確認するか、別のアカウントを選んでください。',
  'That address cannot be used here': 'そのメールアドレスはここでは使えません',
  'Only certain e-mail domains may sign in to this server. Choose the account of your organisation.':
    'このサーバーには、決められたメールドメインからしかサインインできません。所属する組織のアカウントを選んでください。',
  'This account is not active': 'このアカウントは現在使えません',
  'Choose another account, or ask whoever runs this server.':
    '別のアカウントを選ぶか、このサーバーの運用担当者にお問い合わせください。',

  // Sessions
  Sessions: 'セッション',
  'Browsers in which you are signed in. End any you do not recognise.':
    'サインイン中のブラウザーの一覧です。心当たりのないものは終了してください。',
  'End all others': 'ほかをすべて終了',
  'End all': 'すべて終了',
  'Your sessions': 'あなたのセッション',
  Device: '端末',
  Address: 'アドレス',
  'Signed in': 'サインイン日時',
  'Last seen': '最終利用',
  End: '終了',
  'You are signed in nowhere else.': 'ほかにサインイン中のブラウザーはありません。',
  'Looking for the programs that act for you? They have their own access: see <a>Programs</a>.':
    'あなたの代わりに操作するプログラムは、別にアクセスを持っています。<a>プログラム</a>でご確認ください。',
  'This browser': 'このブラウザー',
  now: '現在',
  'Sign out': 'サインアウト',
  'Sign out of this browser': 'サインアウト（このブラウザー）',
  'End the session of {device} at {address}': '終了: {device}（{address}）のセッション',
  'End sessions': 'セッションの終了',
  'End all sessions?': 'すべてのセッションを終了しますか？',
  'End all other sessions?': 'ほかのセッションをすべて終了しますか？',
  "This ends {count, plural, one {one session} other {# sessions}}, this browser's included. You will have to sign in again everywhere.":
    'このブラウザーを含む{count, plural, other {#件}}のセッションが終了します。どのブラウザーでもサインインし直す必要があります。',
  'This ends {count, plural, one {one session} other {# sessions}}. You stay signed in here and nowhere else.':
    '{count, plural, other {#件}}のセッションが終了します。サインインしたままになるのは、このブラウザーだけです。',
  'End all sessions': 'すべてのセッションを終了',
  'End the others': 'ほかを終了',
  'Keep them': '終了しない',
  'Session ended': 'セッションを終了しました',
  'That browser is signed out.': 'そのブラウザーはサインアウトされました。',
  'Other sessions ended': 'ほかのセッションを終了しました',
  'You are now signed in only here.': 'サインイン中なのは、このブラウザーだけになりました。',
  'Nothing to end': '終了するものがありません',
  'That session had already ended.': 'そのセッションはすでに終了していました。',
  'There is no session of that name.': 'そのセッションはありません。',
  'Say which sessions to end: "others" or "all".': '終了するセッションを"others"か"all"で指定してください。',
  '{browser} on {system}': '{browser}（{system}）',
  'A browser on {system}': '{system}のブラウザー',
  'An unknown device': '不明な端末',

  // Refusals
  'You are not signed in here, or no longer. Sign in and try again.':
    'サインインしていないか、サインインの期限が切れています。サインインしてから、もう一度お試しください。',
  'This form was sent from another address. Open {address} and do it there.':
    'このフォームは別のアドレスから送信されました。{address}を開いて、そこで操作してください。',
  'This page was made for an earlier session. Go back, reload it and send the form again.':
    'このページは以前のセッションのものです。前のページに戻って再読み込みし、もう一度送信してください。',
  'There is no such language here. Choose one of: {languages}.':
    'その言語には対応していません。次の中から選んでください: {languages}',
  'This person does not exist, or no longer does.': 'このユーザーは存在しないか、すでに存在しません。',
  'You cannot lock yourself out. Ask another administrator.':
    '自分自身を締め出すことはできません。ほかの管理者に依頼してください。',
  'You are no longer an administrator, so nothing was changed.':
    'あなたはもう管理者ではないため、何も変更されませんでした。',
  'This is the last active administrator; without one nobody could change anything here. Make another one first.':
    '有効な管理者はこのユーザーが最後の一人です。管理者がいなくなると、誰も何も変更できなくなります。先に別の管理者を決めてください。',
  'This account is suspended, so nobody can use it for now. Whoever runs this server can tell you why and lift it.':
    'このアカウントは停止中のため、現在は使えません。理由の確認と停止の解除は、このサーバーの運用担当者にお問い合わせください。',
  'This account has been closed. If that is a surprise, ask whoever runs this server.':
    'このアカウントは閉鎖されています。心当たりがない場合は、このサーバーの運用担当者にお問い合わせください。',
  'This account cannot be used at present.': 'このアカウントは現在使えません。',
}
