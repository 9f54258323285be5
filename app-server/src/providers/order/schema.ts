// The tables of orders. They stand on the products table of the product provider.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class OrderTables1763600012000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE orders (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        user_id uuid NOT NULL REFERENCES users (id),
        status text NOT NULL DEFAULT 'placed' CHECK (status IN ('placed', 'cancelled')),
        currency text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
        total_minor bigint NOT NULL CHECK (total_minor BETWEEN 0 AND 9007199254740991),
        note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
        created_at timestamptz NOT NULL DEFAULT now(),
        cancelled_at timestamptz,
        CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL))
      )`)
    await runner.query('CREATE INDEX orders_of_person ON orders (user_id, id)')
    await runner.query(`
      CREATE TABLE order_lines (
        order_id uuid NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
        line integer NOT NULL CHECK (line BETWEEN 1 AND 50),
        product_id uuid NOT NULL REFERENCES products (id),
        title text NOT NULL,
        unit_price_minor bigint NOT NULL CHECK (unit_price_minor >= 0),
        quantity integer NOT NULL CHECK (quantity BETWEEN 1 AND 999),
        PRIMARY KEY (order_id, line),
        UNIQUE (order_id, product_id)
      )`)
    // For the foreign key: without it, deleting a product would read every line there is.
    await runner.query('CREATE INDEX order_lines_of_product ON order_lines (product_id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE order_lines')
    await runner.query('DROP TABLE orders')
  }
}
