// What people read of the Google Calendar tools, in Japanese.
export const ja = {
  'Google Calendar': 'Googleカレンダー',
  'Read and write the events of your Google calendars, answer invitations, and find times that suit everybody.':
    'Googleカレンダーの予定を読み書きし、招待に返事をし、全員の都合が合う時間を探します。',
  'see your Google calendars, their events, and when people are busy':
    'あなたのGoogleカレンダーとその予定、ほかの人の予定が入っている時間を見る',
  'add, change and delete events in your Google calendars, and answer invitations':
    'あなたのGoogleカレンダーの予定を追加、変更、削除し、招待に返事をする',
  'List calendars': 'カレンダーの一覧',
  'List or search events': '予定の一覧と検索',
  'Read an event': '予定を読む',
  'See what changed in a calendar': 'カレンダーの変更を確認',
  'Create an event': '予定を作成',
  'Change an event': '予定を変更',
  'Move an event to another calendar': '予定を別のカレンダーに移動',
  'Delete an event': '予定を削除',
  'Answer an invitation': '招待に返事をする',
  'Add an event from a sentence': '文章から予定を追加',
  'See when people are busy': '予定が入っている時間を確認',
  'Find a time that suits everybody': '全員の都合が合う時間を検索',
  'In Google Cloud, choose a project or make one. Under "APIs & Services", find "Google Calendar API" and enable it.':
    'Google Cloudでプロジェクトを選ぶか、新しく作成します。「APIs & Services」で「Google Calendar API」を探し、有効にします。',
  'Under "Google Auth Platform", fill in "Branding" and choose the "Audience": Internal for the people of your own Workspace, External for anybody. While an External app is in testing, add each person as a test user; Google then ends every connection after 7 days, so publish it for lasting use.':
    '「Google Auth Platform」で「Branding」を記入し、「Audience」を選びます。自社のWorkspaceの人だけならInternal、それ以外の人も使うならExternalです。Externalのアプリがテスト中のあいだは、使う人を一人ずつテストユーザーに追加します。その場合Googleは7日でどの接続も終了させるので、使い続けるには公開してください。',
  'Under "Data access", add the scopes calendar.events.readonly, calendar.calendarlist.readonly, calendar.freebusy and calendar.events.':
    '「Data access」で、スコープcalendar.events.readonly、calendar.calendarlist.readonly、calendar.freebusy、calendar.eventsを追加します。',
  'Under "Clients", create a client of type "Web application" and enter the redirect URI shown here under "Authorized redirect URIs".':
    '「Clients」で種類が「Web application」のクライアントを作成し、ここに表示されているリダイレクトURIを「Authorized redirect URIs」に入力します。',
  'Copy the client ID and the client secret from there to here. The secret is shown once.':
    'そこに表示されるクライアントIDとクライアントシークレットを、ここにコピーします。シークレットは一度しか表示されません。',
}
