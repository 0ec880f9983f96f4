-- Up Migration

-- Connections to other hosts, of all processes together: a host has so many places, and who connects takes one. A process
-- that dies leaves its places to others after a while. Nothing in it is worth keeping over a crash.
create unlogged table host_places (
  host   text        not null,
  place  smallint    not null,
  holder uuid        not null,
  until  timestamptz not null,
  primary key (host, place)
);
