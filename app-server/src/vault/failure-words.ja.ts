// Connections that did not come about, in Japanese.
export const ja = {
  'Connecting {service}': '{service}の接続',
  'You are signed out here': 'サインアウトしています',
  '{service} sent you back, but this browser is not signed in here any more, so nothing was connected. Start again; you sign in on the way.':
    '{service}から戻りましたが、このブラウザーはもうサインインしていないため、何も接続されませんでした。始め直してください。途中でサインインできます。',
  'Nothing is open that this belongs to': '対応する手続きがありません',
  'This address tells of no consent that was begun here for {service}, or of one that is long over. Nothing was connected. Start again here.':
    'このアドレスに対応する{service}の同意の手続きは、ここで始められていないか、ずっと前に終わっています。何も接続されませんでした。ここから始め直してください。',
  'This was answered before': 'すでに回答済みです',
  'The answer has been taken already, and each is taken once. Your connections show what came of it. If nothing did, start again.':
    '回答はすでに受け取っています。受け取れるのは一度だけです。結果は接続の一覧でご確認ください。接続されていなければ、始め直してください。',
  'This took too long': '時間切れです',
  'A consent has to be back within {minutes} minutes, and this one was not. Nothing was connected. Start again; it is quick.':
    '同意の手続きは{minutes}分以内に終える必要があります。今回は間に合わず、何も接続されませんでした。始め直してください。すぐに終わります。',
  'This was begun in another browser': '別のブラウザーで始められた手続きです',
  'A consent ends in the browser and the sign-in it was begun in. Nothing was connected. Start again here, or go back to where you began.':
    '同意の手続きは、始めたのと同じブラウザーとサインインでしか終えられません。何も接続されませんでした。ここから始め直すか、始めた場所に戻ってください。',
  'This was begun by somebody else': '別の人が始めた手続きです',
  'Nothing was connected. If a link brought you here, somebody may have wanted an account of yours in their hands, or one of theirs in yours. You can close this page.':
    '何も接続されませんでした。リンクからここに来た場合は、誰かがあなたのアカウントを手に入れようとしたか、自分のアカウントをあなたに使わせようとした可能性があります。この画面は閉じてかまいません。',
  'This did not come from {service}': '{service}からの回答ではありません',
  'The answer names another sender than {service}, so it was not used and nothing was connected. Start again; if it stays, tell whoever runs this server.':
    '回答の送り主が{service}ではなかったため、使わずに破棄しました。何も接続されていません。始め直してください。続くようなら、このサーバーの運用担当者にお知らせください。',
  'You did not allow it': '許可されませんでした',
  'It was cancelled at {service}. Nothing was connected and nothing has changed. Try again whenever you like.':
    '{service}の画面で取り消されました。何も接続されておらず、何も変わっていません。いつでもやり直せます。',
  '{service} did not complete it': '{service}での手続きが完了しませんでした',
  '{service} sent you back without what is needed. Nothing was connected. Try again; if it stays, tell whoever runs this server.':
    '必要なものがないまま、{service}から戻されました。何も接続されていません。もう一度お試しください。続くようなら、このサーバーの運用担当者にお知らせください。',
  '{service} does not accept this server': '{service}がこのサーバーを受け付けません',
  'The OAuth client that this server asks {service} through is not known there, or not by this secret or redirect URI. Trying again will not help: tell whoever runs this server to check it on the page “Credentials”.':
    'このサーバーが使っているOAuthクライアントが{service}に登録されていないか、シークレットまたはリダイレクトURIが一致しません。やり直しても解決しません。「資格情報」のページで確認するよう、このサーバーの運用担当者にお伝えください。',
  '{service} does not accept your OAuth client': '{service}があなたのOAuthクライアントを受け付けません',
  'The OAuth client you entered is not known at {service}, or not by this secret or redirect URI. Check it, or remove it to go by the one of this server.':
    '入力されたOAuthクライアントが{service}に登録されていないか、シークレットまたはリダイレクトURIが一致しません。確認するか、削除してこのサーバーのクライアントを使ってください。',
  '{service} cannot be reached': '{service}につながりません',
  '{service} did not answer, or not in time. Nothing was connected and nothing has changed. Wait a moment and try again.':
    '{service}から時間内に応答がありませんでした。何も接続されておらず、何も変わっていません。少し待ってから、もう一度お試しください。',
  '{service} answered in an unexpected way': '{service}から想定外の回答がありました',
  'What {service} sent is not what its documents describe, so nothing was connected. Try again; if it stays, tell whoever runs this server.':
    '{service}からの回答が仕様と異なるため、何も接続されませんでした。もう一度お試しください。続くようなら、このサーバーの運用担当者にお知らせください。',
  'That account cannot be used': 'そのアカウントは使えません',
  '{service} allowed it, but the account cannot be used here. Nothing was connected.':
    '{service}では許可されましたが、このアカウントはここでは使えません。何も接続されませんでした。',
  'That is another account': '別のアカウントです',
  'Nothing was connected and nothing was overwritten.': '何も接続されておらず、何も上書きされていません。',
  'You came back with {chosen}, and it was {expected} that was to be connected again. Nothing was connected and nothing was overwritten.':
    '再接続するのは{expected}でしたが、{chosen}で戻ってきました。何も接続されておらず、何も上書きされていません。',
  'another account': '別のアカウント',
  '{service} may offer the account you are signed in with there. Sign in with the right one first, or in a private window.':
    '{service}は、現在サインイン中のアカウントを選ばせることがあります。先に正しいアカウントでサインインするか、プライベートウィンドウを使ってください。',
  'You have as many accounts as there is room for': '接続できるアカウント数の上限に達しています',
  'Disconnect an account of {service} that you no longer need, then connect this one.':
    '不要になった{service}のアカウントの接続を解除してから、このアカウントを接続してください。',
  'Try again': 'もう一度試す',
  'Choose {account}': '{account}を選ぶ',
  'Choose the right one': '正しいアカウントを選ぶ',
  'Connect {account} as well': '{account}も接続する',
  'Check the client': 'クライアントを確認',
  'Check your client': 'ご自分のクライアントを確認',
  'Your connections': '接続の一覧',
}
