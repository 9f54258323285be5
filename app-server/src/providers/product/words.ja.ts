// What people read of the product tools, in Japanese.
export const ja = {
  Products: '商品',
  'Look up what is for sale, with price and stock.': '販売中の商品を、価格や在庫とともに調べます。',
  'see products, prices and stock': '商品、価格、在庫を見る',
  'Search products': '商品を検索',
  'Show a product': '商品を表示',
}
