import type { ListedSession, StaffStore } from '../../../journey/staff/ports/sessions.ts';
import { asJson } from '../as-json.ts';
import type { Queryable } from '../pool.ts';

export function staffStore(db: Queryable): StaffStore {
  return {
    async signInLinks(email, now) {
      const { rows } = await db.query<{ links: number }>(
        'select count(*)::int as links from sign_in_links where email = $1 and expires_at > $2 and used_at is null',
        [email, now],
      );
      return rows[0]!.links;
    },

    async addSignInLink(link) {
      await db.query(
        `insert into sign_in_links (token_hash, email, next_path, expires_at)
         select "tokenHash", email, "nextPath", "expiresAt"
           from jsonb_to_recordset($1::jsonb) as l ("tokenHash" text, email text, "nextPath" text, "expiresAt" timestamptz)`,
        [asJson(link === null ? [] : [link])],
      );
    },

    async signInLinkFault(tokenHash, now) {
      const { rows } = await db.query<{ used_at: Date | null; expires_at: Date }>(
        'select used_at, expires_at from sign_in_links where token_hash = $1',
        [tokenHash],
      );
      const link = rows[0];
      if (!link) return 'unknown';
      return link.used_at ? 'used' : link.expires_at <= now ? 'expired' : null;
    },

    async useSignInLink(tokenHash, now) {
      const { rows } = await db.query(
        `update sign_in_links set used_at = $2
          where token_hash = $1 and used_at is null and expires_at > $2
          returning email, next_path`,
        [tokenHash, now],
      );
      return rows[0] ? { email: rows[0].email, nextPath: rows[0].next_path } : null;
    },

    async addSession(session) {
      await db.query(
        `insert into sessions (id_hash, email, csrf_token, created_at, expires_at, ip, user_agent)
         values ($1, $2, $3, $4, $5, $6, $7)`,
        [
          session.idHash,
          session.email,
          session.csrfToken,
          session.createdAt,
          session.expiresAt,
          session.ip,
          session.userAgent,
        ],
      );
    },

    async findSession(idHash, now) {
      const { rows } = await db.query(
        `select s.email, s.csrf_token, s.expires_at, c.language
           from sessions s left join staff_choices c on c.email = lower(s.email)
          where s.id_hash = $1 and s.expires_at > $2`,
        [idHash, now],
      );
      const row = rows[0];
      return row
        ? { email: row.email, csrfToken: row.csrf_token, expiresAt: row.expires_at, language: row.language }
        : null;
    },

    async languageOf(email) {
      const { rows } = await db.query<{ language: string }>(
        'select language from staff_choices where email = lower($1)',
        [email],
      );
      return rows[0]?.language ?? null;
    },

    async chooseLanguage(email, language) {
      if (language === null) await db.query('delete from staff_choices where email = lower($1)', [email]);
      else
        await db.query(
          `insert into staff_choices (email, language) values (lower($1), $2)
           on conflict (email) do update set language = excluded.language`,
          [email, language],
        );
    },

    async endSession(idHash) {
      await db.query('delete from sessions where id_hash = $1', [idHash]);
    },

    async listSessions(email, now) {
      const { rows } = await db.query<ListedSession>(
        `select id_hash as "idHash", created_at as "createdAt", expires_at as "expiresAt", ip, user_agent as "userAgent"
           from sessions where email = $1 and expires_at > $2 order by created_at desc`,
        [email, now],
      );
      return rows;
    },

    async endSessionOf(email, idHash) {
      const { rowCount } = await db.query('delete from sessions where email = $1 and id_hash = $2', [
        email,
        idHash,
      ]);
      return rowCount === 1;
    },

    async endSessionsOf(email) {
      const { rowCount } = await db.query('delete from sessions where email = $1', [email]);
      return rowCount ?? 0;
    },
  };
}
