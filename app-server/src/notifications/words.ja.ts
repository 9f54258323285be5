// What stands in every mail, in Japanese.
export const ja = {
  'Sent by {site}, because you have an account there. Nobody reads answers to this mail.':
    'このメールは、{site}にアカウントをお持ちの方にお送りしています。このメールに返信いただいても、確認できません。',
}
