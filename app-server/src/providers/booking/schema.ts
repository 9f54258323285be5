// The tables of bookings. Two constraints decide who gets a place; everything else is bookkeeping.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class BookingTables1763600011000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // Lets an exclusion constraint compare plain values beside ranges; a trusted extension, so no superuser is needed.
    await runner.query('CREATE EXTENSION IF NOT EXISTS btree_gist')
    await runner.query(`
      CREATE TABLE booking_services (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
        description text NOT NULL CHECK (length(description) <= 2000),
        time_zone text NOT NULL CHECK (time_zone ~ '^[A-Za-z]+(/[A-Za-z0-9_+-]+)*$' AND length(time_zone) <= 64),
        duration_minutes integer NOT NULL CHECK (duration_minutes BETWEEN 5 AND 1440),
        slot_step_minutes integer NOT NULL CHECK (slot_step_minutes BETWEEN 5 AND 1440),
        capacity integer NOT NULL CHECK (capacity BETWEEN 1 AND 1000),
        min_notice_minutes integer NOT NULL DEFAULT 0 CHECK (min_notice_minutes BETWEEN 0 AND 525600),
        max_days_ahead integer NOT NULL DEFAULT 90 CHECK (max_days_ahead BETWEEN 1 AND 730),
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query(`
      CREATE TABLE booking_hours (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        service_id uuid NOT NULL REFERENCES booking_services (id) ON DELETE CASCADE,
        weekday smallint NOT NULL CHECK (weekday BETWEEN 1 AND 7),
        opens_minute integer NOT NULL CHECK (opens_minute >= 0),
        closes_minute integer NOT NULL CHECK (closes_minute <= 1440),
        CHECK (opens_minute < closes_minute),
        CONSTRAINT booking_hours_do_not_overlap EXCLUDE USING gist (
          service_id WITH =, weekday WITH =, int4range(opens_minute, closes_minute) WITH &&
        )
      )`)
    await runner.query(`
      CREATE TABLE bookings (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        service_id uuid NOT NULL REFERENCES booking_services (id),
        user_id uuid NOT NULL REFERENCES users (id),
        place integer NOT NULL CHECK (place BETWEEN 1 AND 1000),
        starts_at timestamptz NOT NULL,
        ends_at timestamptz NOT NULL,
        note text NOT NULL DEFAULT '' CHECK (length(note) <= 500),
        -- 'moving' is never seen outside the transaction that reschedules.
        status text NOT NULL DEFAULT 'confirmed' CHECK (status IN ('confirmed', 'moving', 'cancelled')),
        created_at timestamptz NOT NULL DEFAULT now(),
        cancelled_at timestamptz,
        CHECK (starts_at < ends_at AND isfinite(starts_at) AND isfinite(ends_at)),
        CHECK ((status = 'cancelled') = (cancelled_at IS NOT NULL)),
        CONSTRAINT bookings_place_is_taken_once EXCLUDE USING gist (
          service_id WITH =, place WITH =, tstzrange(starts_at, ends_at) WITH &&
        ) WHERE (status = 'confirmed'),
        CONSTRAINT bookings_person_is_there_once EXCLUDE USING gist (
          service_id WITH =, user_id WITH =, tstzrange(starts_at, ends_at) WITH &&
        ) WHERE (status = 'confirmed')
      )`)
    await runner.query('CREATE INDEX bookings_of_person ON bookings (user_id, starts_at, id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE bookings')
    await runner.query('DROP TABLE booking_hours')
    await runner.query('DROP TABLE booking_services')
  }
}
