// What the audit log says to people, in Japanese.
export const ja = {
  'Nothing was found within {seconds} seconds: there are too many entries to look through. Choose a shorter time.':
    '調べる記録が多すぎるため、{seconds}秒以内に見つかりませんでした。期間を短くしてください。',
}
