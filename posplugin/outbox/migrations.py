"""The schema, as numbered steps; `outbox.opening` takes those that a file lacks, in one transaction."""

from __future__ import annotations

_FIRST = """
CREATE TABLE installation (id TEXT NOT NULL, made_at TEXT NOT NULL) STRICT;

CREATE TABLE records (
    id                INTEGER PRIMARY KEY AUTOINCREMENT,  -- never reused: events and attempts speak of it
    reference         TEXT NOT NULL,
    kind              TEXT NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'settlement')),
    status            TEXT NOT NULL,
    reason            TEXT,
    detail            TEXT,
    terminal_id       TEXT NOT NULL,
    sale_id           TEXT NOT NULL,
    tender_id         TEXT NOT NULL,
    department        TEXT NOT NULL,
    business_date     TEXT NOT NULL,
    receipt           TEXT NOT NULL,
    customer_number   INTEGER,
    customer_name     TEXT,
    amount            INTEGER NOT NULL,                   -- øre
    document          TEXT NOT NULL,
    schema_version    INTEGER NOT NULL,
    sha256            TEXT NOT NULL,
    attempts          INTEGER NOT NULL DEFAULT 0,
    not_before        TEXT NOT NULL DEFAULT '',
    uncertain_since   TEXT,                               -- when the answer was lost
    looks             INTEGER NOT NULL DEFAULT 0,         -- look-ups since that did not find it
    accounting_id     TEXT,
    accounting_number INTEGER,
    accounting_state  TEXT,
    hidden            INTEGER NOT NULL DEFAULT 0,
    created_at        TEXT NOT NULL,
    updated_at        TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX records_reference ON records (reference) WHERE status <> 'cancelled';
CREATE UNIQUE INDEX records_payment ON records (terminal_id, sale_id, tender_id, kind);
CREATE INDEX records_open ON records (status, not_before, id)
    WHERE status IN ('authorized', 'pending', 'sending', 'uncertain', 'needs_attention');
CREATE INDEX records_day ON records (business_date, id);
CREATE INDEX records_customer ON records (customer_number, id);
CREATE INDEX records_receipt ON records (receipt, id);

CREATE INDEX records_credit ON records
    (json_extract(document, '$.original.terminal_id'), json_extract(document, '$.original.sale_id'))
    WHERE kind = 'credit_note';

CREATE TABLE events (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL REFERENCES records (id),
    at        TEXT NOT NULL,
    who       TEXT NOT NULL,
    was       TEXT,
    now       TEXT NOT NULL,
    reason    TEXT,
    why       TEXT
) STRICT;
CREATE INDEX events_record ON events (record_id, id);
CREATE TRIGGER events_stay BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;

CREATE TABLE attempts (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    record_id INTEGER NOT NULL REFERENCES records (id),
    run_id    INTEGER,
    at        TEXT NOT NULL,
    took_ms   INTEGER NOT NULL,
    request   TEXT NOT NULL,
    outcome   TEXT NOT NULL,
    status    INTEGER,
    answer    TEXT
) STRICT;
CREATE INDEX attempts_record ON attempts (record_id, id);

CREATE TABLE steps (                                      -- what follows a delivery, each retried alone
    record_id INTEGER NOT NULL REFERENCES records (id),
    step      TEXT NOT NULL,
    state     TEXT NOT NULL CHECK (state IN ('to_do', 'done', 'failed')),
    detail    TEXT,
    at        TEXT NOT NULL,
    PRIMARY KEY (record_id, step)
) STRICT;

CREATE TABLE voids (                                      -- payments that must never be authorized any more
    terminal_id TEXT NOT NULL,
    sale_id     TEXT NOT NULL,
    tender_id   TEXT NOT NULL,
    at          TEXT NOT NULL,
    why         TEXT NOT NULL,
    PRIMARY KEY (terminal_id, sale_id, tender_id)
) STRICT;

CREATE TABLE z_reports (
    terminal_id    TEXT NOT NULL,
    number         INTEGER NOT NULL,
    business_date  TEXT NOT NULL,
    document       TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    received_at    TEXT NOT NULL,
    PRIMARY KEY (terminal_id, number)
) STRICT;

CREATE TABLE customers (
    number              INTEGER PRIMARY KEY,
    name                TEXT NOT NULL,
    organization_number TEXT,
    is_person           INTEGER NOT NULL,
    delivery            TEXT NOT NULL,
    is_vat_free         INTEGER NOT NULL,
    is_archived         INTEGER NOT NULL
) STRICT;
CREATE VIRTUAL TABLE customers_search USING fts5 (words, content='', contentless_delete=1, prefix='1 2 3');
CREATE TABLE customer_links (
    host_id   TEXT PRIMARY KEY,
    number    INTEGER NOT NULL,
    linked_at TEXT NOT NULL,
    who       TEXT NOT NULL
) STRICT;
CREATE INDEX customer_links_number ON customer_links (number);

CREATE TABLE runs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    cause       TEXT NOT NULL,                            -- schedule, catch_up, hand
    started_at  TEXT NOT NULL,
    finished_at TEXT,
    outcome     TEXT,                                     -- done, waiting, stopped
    delivered   INTEGER NOT NULL DEFAULT 0,
    waiting     INTEGER NOT NULL DEFAULT 0,
    attention   INTEGER NOT NULL DEFAULT 0,
    detail      TEXT
) STRICT;

CREATE TABLE notes (name TEXT PRIMARY KEY, value TEXT NOT NULL, at TEXT NOT NULL) STRICT;
"""

_STANDING = """
ALTER TABLE records ADD COLUMN invoice_number INTEGER;
ALTER TABLE records ADD COLUMN sent_at TEXT;
CREATE INDEX records_followed ON records (id) WHERE status = 'delivered' AND accounting_state <> 'paid';
CREATE INDEX records_unsent ON records (business_date, id)
    WHERE status = 'delivered' AND accounting_state <> 'paid' AND accounting_state <> 'sent';
CREATE INDEX records_troubled ON records (id) WHERE status = 'delivered' AND reason IS NOT NULL;
CREATE INDEX steps_to_do ON steps (record_id) WHERE state = 'to_do';
"""

# Customers, links and terms are of one client of PowerOffice GO each; "" is the terminal's own. A row keeps its id, by
# which customers_search knows it.
_CLIENTS = """
CREATE TABLE customers_of_clients (
    id                  INTEGER PRIMARY KEY,
    client              TEXT NOT NULL,
    number              INTEGER NOT NULL,
    name                TEXT NOT NULL,
    organization_number TEXT,
    is_person           INTEGER NOT NULL,
    delivery            TEXT NOT NULL,
    is_vat_free         INTEGER NOT NULL,
    is_archived         INTEGER NOT NULL,
    open_amount         INTEGER NOT NULL DEFAULT 0,       -- øre, in the accounting system, when that was last read
    UNIQUE (client, number)
) STRICT;
INSERT INTO customers_of_clients
    SELECT number, '', number, name, organization_number, is_person, delivery, is_vat_free, is_archived, 0
    FROM customers;
DROP TABLE customers;
ALTER TABLE customers_of_clients RENAME TO customers;

CREATE TABLE links_of_clients (
    client    TEXT NOT NULL,
    host_id   TEXT NOT NULL,
    number    INTEGER NOT NULL,
    linked_at TEXT NOT NULL,
    who       TEXT NOT NULL,
    PRIMARY KEY (client, host_id)
) STRICT;
INSERT INTO links_of_clients SELECT '', host_id, number, linked_at, who FROM customer_links;
DROP TABLE customer_links;
ALTER TABLE links_of_clients RENAME TO customer_links;
CREATE INDEX customer_links_number ON customer_links (client, number);

CREATE TABLE customer_terms (                             -- what is agreed, and stands nowhere in PowerOffice
    client         TEXT NOT NULL,
    number         INTEGER NOT NULL,
    credit_limit   INTEGER,                               -- øre; NULL is the default of the settings
    unlimited      INTEGER NOT NULL,
    your_reference TEXT,
    order_number   TEXT,
    set_at         TEXT NOT NULL,
    who            TEXT NOT NULL,
    PRIMARY KEY (client, number)
) STRICT;
CREATE INDEX records_owed ON records (customer_number)
    WHERE status IN ('authorized', 'pending', 'sending', 'uncertain', 'needs_attention');
"""

# A Z may be numbered by text. Journals are what was posted of a settlement under each of its references.
_SETTLEMENTS = """
CREATE TABLE z_reports_of_tills (
    terminal_id    TEXT NOT NULL,
    number         TEXT NOT NULL,
    business_date  TEXT NOT NULL,
    source         TEXT NOT NULL CHECK (source IN ('till', 'file')),
    document       TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    received_at    TEXT NOT NULL,
    PRIMARY KEY (terminal_id, number)
) STRICT;
INSERT INTO z_reports_of_tills
    SELECT terminal_id, CAST(number AS TEXT), business_date, 'till', document, schema_version, sha256, received_at
    FROM z_reports;
DROP TABLE z_reports;
ALTER TABLE z_reports_of_tills RENAME TO z_reports;
CREATE INDEX z_reports_day ON z_reports (business_date);

CREATE TABLE journals (
    reference      TEXT PRIMARY KEY,
    record_id      INTEGER NOT NULL REFERENCES records (id),
    as_draft       INTEGER NOT NULL,
    document       TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    sha256         TEXT NOT NULL,
    at             TEXT NOT NULL
) STRICT;
CREATE INDEX journals_record ON journals (record_id);

CREATE TABLE cleared (                                    -- what a settlement's journal put on clearing
    terminal_id TEXT NOT NULL,
    sale_id     TEXT NOT NULL,
    tender_id   TEXT NOT NULL,
    record_id   INTEGER NOT NULL REFERENCES records (id),
    PRIMARY KEY (terminal_id, sale_id, tender_id, record_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX cleared_record ON cleared (record_id);
CREATE INDEX records_settlements ON records (business_date, id) WHERE kind = 'settlement';
"""

# The few that are closed or hidden are counted and listed without a look at all the others. What people search and
# filter by stands in an index of a tenth of the records' size, which begins with the id, so that it grows at its end.
_QUEUE = """
CREATE INDEX records_closed ON records (id) WHERE status IN ('cancelled', 'discarded', 'reversed');
CREATE INDEX records_hidden ON records (status, reason) WHERE hidden = 1;
CREATE INDEX records_words ON records
    (id, kind, department, business_date, reference, receipt, customer_number, customer_name, amount);
"""

# A settlement a day stays posted for ever: all were passed by to find the invoices that are not sent or not paid, what
# was taken back, and Z reports that were kept aside. Customers stand in the order in which they are shown.
_YEARS = """
DROP INDEX records_followed;
CREATE INDEX records_followed ON records (id)
    WHERE status = 'delivered' AND accounting_state <> 'paid' AND kind <> 'settlement';
DROP INDEX records_unsent;
CREATE INDEX records_unsent ON records (business_date, id)
    WHERE status = 'delivered' AND accounting_state <> 'paid' AND kind <> 'settlement' AND accounting_state <> 'sent';
CREATE INDEX records_drafts ON records (accounting_state, id) WHERE kind = 'settlement' AND accounting_state = 'draft';
CREATE INDEX records_reversed ON records (kind, business_date, id) WHERE status = 'reversed';
CREATE INDEX steps_done ON steps (at) WHERE state = 'done';

ALTER TABLE z_reports ADD COLUMN record_id INTEGER REFERENCES records (id);  -- its settlement; NULL: kept aside
UPDATE z_reports SET record_id = (SELECT id FROM records WHERE terminal_id = z_reports.terminal_id
    AND sale_id = 'Z ' || z_reports.number AND tender_id = 'Z' AND kind = 'settlement');
CREATE INDEX z_reports_aside ON z_reports (terminal_id, business_date) WHERE record_id IS NULL;

CREATE INDEX customers_name ON customers (client, name, number);
"""

#: Step n brings a file from version n−1 to n. Steps are never edited once released.
STEPS: tuple[str, ...] = (_FIRST, _STANDING, _CLIENTS, _SETTLEMENTS, _QUEUE, _YEARS)
