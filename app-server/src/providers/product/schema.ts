// The table of products.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class ProductTable1763600010000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The ceiling of a price keeps every total of an order exact as a JavaScript number: 50 lines × 999 × 10^11 < 2^53.
    await runner.query(`
      CREATE TABLE products (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
        description text NOT NULL CHECK (length(description) <= 2000),
        category text NOT NULL CHECK (length(category) BETWEEN 1 AND 100),
        price_minor bigint NOT NULL CHECK (price_minor BETWEEN 0 AND 100000000000),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        stock integer NOT NULL CONSTRAINT products_stock_is_never_negative CHECK (stock >= 0),
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now(),
        search_text text NOT NULL GENERATED ALWAYS AS (
          lower(normalize(title || ' ' || category || ' ' || description, NFKC))
        ) STORED
      )`)
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE products')
  }
}
