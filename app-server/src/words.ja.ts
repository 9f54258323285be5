// The navigation in Japanese.
export const ja = {
  Home: 'ホーム',
  Chat: 'チャット',
  Programs: 'プログラム',
  Connections: '接続',
  Models: 'モデル',
  Approvals: '承認',
  Sessions: 'セッション',
  API: 'API',
  Admin: '管理',
}
