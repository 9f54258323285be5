// The tables of notifications: what somebody is to be told, and how far each way of telling it is.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class Notifications1763600042000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Nothing in it is secret, and nothing in it says where the person can be reached: that is looked up when it is sent.
    await runner.query(`
      CREATE TABLE notifications (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
        kind text NOT NULL CHECK (kind ~ '^[a-z][a-z.-]{1,63}$'),
        subject text NOT NULL CHECK (length(subject) BETWEEN 1 AND 200),
        words text NOT NULL CHECK (length(words) BETWEEN 1 AND 2000),
        link text NOT NULL CHECK (length(link) BETWEEN 1 AND 2000),
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query('CREATE INDEX notifications_user ON notifications (user_id, created_at)')
    await runner.query('CREATE INDEX notifications_created_at ON notifications (created_at)')
    // attempts counts what was begun; whoever has begun one may say how it ended as long as no other was begun since.
    // due_at is when the next may begin: while one is under way it lies so far ahead that it will have ended by then.
    await runner.query(`
      CREATE TABLE notification_deliveries (
        notification_id uuid NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
        channel text NOT NULL CHECK (channel IN ('webhook', 'mail')),
        attempts smallint NOT NULL DEFAULT 0,
        due_at timestamptz NOT NULL DEFAULT now(),
        outcome text CHECK (outcome IN ('delivered', 'given-up', 'dropped')),
        ended_at timestamptz,
        fault text CHECK (length(fault) <= 300),
        PRIMARY KEY (notification_id, channel),
        CHECK ((outcome IS NULL) = (ended_at IS NULL))
      )`)
    await runner.query(
      'CREATE INDEX notification_deliveries_due ON notification_deliveries (channel, due_at) WHERE ended_at IS NULL',
    )
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE notification_deliveries')
    await runner.query('DROP TABLE notifications')
  }
}

export const notificationsMigrations = [Notifications1763600042000]
