// The tables of forms and what people submitted.
import type { MigrationInterface, QueryRunner } from 'typeorm'

export class FormTables1763600013000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE forms (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        title text NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
        description text NOT NULL CHECK (length(description) <= 2000),
        fields jsonb NOT NULL CHECK (jsonb_typeof(fields) = 'array' AND jsonb_array_length(fields) BETWEEN 1 AND 100),
        active boolean NOT NULL DEFAULT true,
        created_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query(`
      CREATE TABLE form_submissions (
        id uuid PRIMARY KEY DEFAULT uuidv7(),
        form_id uuid NOT NULL REFERENCES forms (id),
        user_id uuid NOT NULL REFERENCES users (id),
        answers jsonb NOT NULL CHECK (jsonb_typeof(answers) = 'object'),
        submitted_at timestamptz NOT NULL DEFAULT now()
      )`)
    await runner.query('CREATE INDEX form_submissions_of_person ON form_submissions (user_id, id)')
    await runner.query('CREATE INDEX form_submissions_of_person_by_form ON form_submissions (user_id, form_id, id)')
    await runner.query('CREATE INDEX form_submissions_of_form ON form_submissions (form_id)')
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE form_submissions')
    await runner.query('DROP TABLE forms')
  }
}
