-- Each version of a lead that becomes the current one gets the next number, by which it is found
-- much faster than by its id: deciding who is who remembers it.
CREATE SEQUENCE IF NOT EXISTS core.version_numbers;
ALTER TABLE core.leads
ADD COLUMN IF NOT EXISTS version_number BIGINT DEFAULT nextval('core.version_numbers');
ALTER TABLE core.identity_leads ADD COLUMN IF NOT EXISTS version_number BIGINT;

-- As in core.identity_leads; null for what came from the journal and was not resolved since.
ALTER TABLE core.assignments ADD COLUMN IF NOT EXISTS number INTEGER;

-- Beside a name in full (rule 9): the digits of the phone, and the e-mail as a hash.
ALTER TABLE core.identity_keys ADD COLUMN IF NOT EXISTS phone UBIGINT;
ALTER TABLE core.identity_keys ADD COLUMN IF NOT EXISTS mailbox UBIGINT;
ALTER TABLE core.identity_leads DROP COLUMN IF EXISTS phone;
ALTER TABLE core.identity_leads DROP COLUMN IF EXISTS mailbox;
