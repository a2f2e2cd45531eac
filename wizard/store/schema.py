"""The numbered steps that bring a connection's database from nothing to today's shape."""

from __future__ import annotations

__all__ = ["MIGRATIONS", "VERSION"]

# One database a connection (organization account). Who may write which table is in the
# design's ownership list: `connection` and the snapshot tables `sync.read`; `verdict`
# `sync.scope`; `link`, `journal`, `service_account` `sync.executor` and the rebuild; the rest
# of a run's tables `sync.cycle` and the parts it calls; `unbegun_run` `sync.unbegun`.
#
# The snapshot's rows lie in tables of their own for each generation (`user_g7`, …), filled
# without keys and indexed afterwards; `snap_*` are views of the current generation, put in
# place in the transaction that makes it current. Before the first read they are empty.
# `address_key` is the address case folded, `aliases` are space-separated, `digest` changes with
# any other column; `snap_deleted` holds the ids that the directory itself reports as deleted.
# Groups and members are empty when the scope that the read was made for needs none.
_FIRST = """
CREATE TABLE connection (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    provider TEXT NOT NULL,
    customer_id TEXT NOT NULL,           -- pinned; another customer is refused
    ou_id TEXT NOT NULL,
    account_id TEXT NOT NULL,            -- the organization account at the service
    generation INTEGER NOT NULL DEFAULT 0,
    read_at TEXT,                        -- RFC 3339, of the last good read
    full_read_at TEXT,
    people INTEGER NOT NULL DEFAULT 0,   -- users in the last good read, before scope
    rights TEXT NOT NULL DEFAULT '',     -- scopes at the last good read, space-separated
    domains TEXT NOT NULL DEFAULT '',    -- verified domains, space-separated, lower case
    cursor TEXT NOT NULL DEFAULT '',
    links_rebuilt_at TEXT,               -- null: rebuild from externalIds before anything else
    settings TEXT,                       -- the last settings read from the service, as JSON
    settings_read_at TEXT
) STRICT;

CREATE TABLE verdict (                   -- the scope's word on everybody, of one run or preview
    user_id TEXT PRIMARY KEY,
    in_scope INTEGER NOT NULL,
    reason TEXT NOT NULL,
    scope_by TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

CREATE TABLE link (                      -- directory user to account: a cache of externalIds
    external_id TEXT PRIMARY KEY,
    user_id TEXT NOT NULL UNIQUE,
    account_id TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,               -- as last known at the service
    address_key TEXT NOT NULL,           -- address, case folded
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    active INTEGER NOT NULL,
    is_owner INTEGER NOT NULL DEFAULT 0,
    linked_at TEXT NOT NULL,
    absent_since TEXT,                   -- when first seen missing or out of scope
    leave_approved INTEGER NOT NULL DEFAULT 0,  -- a person approved that they leave
    claimed_twice INTEGER NOT NULL DEFAULT 0,  -- two accounts carried the externalId when listed
    scope_by TEXT NOT NULL DEFAULT ''    -- what last had them in scope, in words
) STRICT, WITHOUT ROWID;
CREATE INDEX link_address ON link (address_key);

CREATE TABLE service_account (           -- accounts as listed, where a run needed the whole list
    id TEXT PRIMARY KEY,
    external_id TEXT NOT NULL,
    address TEXT NOT NULL,
    address_key TEXT NOT NULL,           -- address, case folded
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    active INTEGER NOT NULL,
    is_owner INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX service_account_address ON service_account (address_key);
CREATE INDEX service_account_external ON service_account (external_id);

CREATE TABLE run (
    id TEXT PRIMARY KEY,
    preview INTEGER NOT NULL,
    trigger TEXT NOT NULL,
    started_at TEXT NOT NULL,
    finished_at TEXT,
    outcome TEXT,
    phase TEXT NOT NULL DEFAULT 'read',
    generation INTEGER NOT NULL DEFAULT 0,
    scope TEXT NOT NULL DEFAULT '',      -- the scope rule it ran with, as JSON
    held TEXT NOT NULL DEFAULT '[]',     -- what the guard held and why, as JSON
    report TEXT                          -- RunReport as JSON, when finished
) STRICT;

CREATE TABLE plan_item (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    external_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    address TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    old_address TEXT NOT NULL DEFAULT '',
    old_given_name TEXT NOT NULL DEFAULT '',
    old_family_name TEXT NOT NULL DEFAULT '',
    scope_by TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    stage INTEGER NOT NULL DEFAULT 0,    -- later stages wait for addresses that earlier ones free
    held INTEGER NOT NULL DEFAULT 0,     -- stopped by the guard
    search TEXT NOT NULL DEFAULT '',     -- name and address, case folded
    PRIMARY KEY (run_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX plan_item_kind ON plan_item (run_id, kind);

CREATE TABLE evidence (
    run_id TEXT NOT NULL REFERENCES run (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    proof TEXT NOT NULL,                 -- gone, suspended, archived, out-of-scope, none
    seen_at TEXT NOT NULL,
    PRIMARY KEY (run_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE journal (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    external_id TEXT NOT NULL,
    account_id TEXT NOT NULL DEFAULT '',
    user_id TEXT NOT NULL,
    address TEXT NOT NULL,
    given_name TEXT NOT NULL,
    family_name TEXT NOT NULL,
    old_address TEXT NOT NULL DEFAULT '',
    old_given_name TEXT NOT NULL DEFAULT '',
    old_family_name TEXT NOT NULL DEFAULT '',
    old_active INTEGER NOT NULL DEFAULT 0,
    old_external_id TEXT NOT NULL DEFAULT '',
    state TEXT NOT NULL,                 -- planned, sent, done, failed
    code TEXT NOT NULL DEFAULT '',
    detail TEXT NOT NULL DEFAULT '',
    counted INTEGER NOT NULL DEFAULT 1,  -- 0: allowed by a preview or an approval, no limit
    sent_at TEXT,
    answered_at TEXT
) STRICT;
CREATE INDEX journal_open ON journal (state) WHERE state IN ('planned', 'sent');
CREATE INDEX journal_run ON journal (run_id);
CREATE INDEX journal_answered ON journal (answered_at);

CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    run_id TEXT NOT NULL,
    person TEXT NOT NULL,
    given_at TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    used_by TEXT
) STRICT;
CREATE TABLE approval_person (
    approval_id TEXT NOT NULL REFERENCES approval (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    PRIMARY KEY (approval_id, user_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW snap_user AS
    SELECT '' AS id, '' AS address, '' AS address_key, '' AS given_name, '' AS family_name,
           '' AS state, '' AS unit_path, '' AS aliases, 0 AS is_admin, '' AS digest WHERE 0;
CREATE VIEW snap_deleted AS SELECT '' AS id WHERE 0;
CREATE VIEW snap_group AS SELECT '' AS id, '' AS address, '' AS name WHERE 0;
CREATE VIEW snap_member AS SELECT '' AS group_id, '' AS member_id, '' AS kind WHERE 0;
CREATE VIEW snap_unit AS SELECT '' AS id, '' AS parent_id, '' AS path, '' AS name WHERE 0;
"""

# What two complete reads told differently of a person, and the members list: `person` in the order
# of names, and beside it the few bytes that a search goes through. Both are caches of everything
# else, made anew by `services.people` when their `stamp` is no longer that of the tables above.
_PEOPLE = """
CREATE TABLE directory_change (
    id INTEGER PRIMARY KEY,
    user_id TEXT NOT NULL,
    seen_at TEXT NOT NULL,               -- of the read that showed it
    what TEXT NOT NULL,                  -- unit, state, name, address, arrived, vanished
    old TEXT NOT NULL,
    new TEXT NOT NULL
) STRICT;
CREATE INDEX directory_change_user ON directory_change (user_id);
CREATE INDEX directory_change_seen ON directory_change (seen_at);

CREATE INDEX journal_user ON journal (user_id);

CREATE TABLE person (
    place INTEGER PRIMARY KEY,           -- by name, from 0
    user_id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    unit_path TEXT NOT NULL,
    standing TEXT NOT NULL,
    reason TEXT NOT NULL,
    is_owner INTEGER NOT NULL,
    in_directory INTEGER NOT NULL
) STRICT;
CREATE TABLE person_key (
    place INTEGER PRIMARY KEY,
    standing TEXT NOT NULL,
    search TEXT NOT NULL                 -- name and address in plain letters
) STRICT;
CREATE TABLE person_list (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    stamp TEXT NOT NULL,
    made_at TEXT NOT NULL
) STRICT;
"""

# Which address becomes somebody's account is the scope's word, too. A snapshot tells which groups'
# members were read (`snap_walked`), and whether groups were listed at all, so that somebody who
# chooses groups has only those read that are missing.
_SCOPING = """
DROP TABLE verdict;
CREATE TABLE verdict (                   -- the scope's word on everybody, of one run or preview
    user_id TEXT PRIMARY KEY,
    in_scope INTEGER NOT NULL,
    reason TEXT NOT NULL,
    scope_by TEXT NOT NULL DEFAULT '',
    address TEXT NOT NULL DEFAULT '',    -- what becomes the account
    address_key TEXT NOT NULL DEFAULT '',
    other_address INTEGER NOT NULL DEFAULT 0,  -- they have none in the chosen domain
    standby INTEGER NOT NULL DEFAULT 0   -- suspended: the account is switched off whatever is set
) STRICT, WITHOUT ROWID;
CREATE INDEX verdict_address ON verdict (address_key);
ALTER TABLE connection ADD COLUMN groups_listed INTEGER NOT NULL DEFAULT 0;
CREATE VIEW snap_walked AS SELECT '' AS group_id WHERE 0;

CREATE TABLE scope_name (                -- what the scope names, as it was last called
    kind TEXT NOT NULL,                  -- unit, group, user
    id TEXT NOT NULL,
    name TEXT NOT NULL,
    address TEXT NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
"""

# Runs that failed before they began have a table of their own: no limit, no rhythm and no plan
# depends on them, and none may come to depend on them by mistake. Only who looks back sees them.
_UNBEGUN = """
CREATE TABLE unbegun_run (
    id TEXT PRIMARY KEY,
    started_at TEXT NOT NULL,            -- of the first of the tries
    finished_at TEXT NOT NULL,           -- of the last of them
    tries INTEGER NOT NULL,              -- how many failed alike, one after the other
    report TEXT NOT NULL                 -- RunReport as JSON, with code and facts
) STRICT;
CREATE INDEX unbegun_run_started ON unbegun_run (started_at);
"""

# Taking a run back. `details` is what a write replaces beside address and names, where it is not as
# the program itself would write it. `undoes` is the entry that an operation takes back (0: none),
# `restores` what the account is to be then; a run that takes one back names it.
_UNDOING = """
ALTER TABLE link ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE service_account ADD COLUMN details TEXT NOT NULL DEFAULT '';
ALTER TABLE plan_item ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE plan_item ADD COLUMN restores TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN undoes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE journal ADD COLUMN restores TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN old_details TEXT NOT NULL DEFAULT '';
CREATE INDEX journal_account ON journal (account_id);
ALTER TABLE run ADD COLUMN undoes TEXT NOT NULL DEFAULT '';
"""

# What a person approved of taking a run back is good for that alone, and never for a sync. How long
# plans, runs and evidence are kept is a person's choice for this computer.
_BOUND = """
ALTER TABLE connection ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 90;
ALTER TABLE approval ADD COLUMN undoes TEXT NOT NULL DEFAULT '';
UPDATE approval SET undoes =
    coalesce((SELECT r.undoes FROM run r WHERE r.id = approval.run_id), '');
"""

MIGRATIONS: tuple[str, ...] = (_FIRST, _PEOPLE, _SCOPING, _UNBEGUN, _UNDOING, _BOUND)
VERSION = len(MIGRATIONS)
