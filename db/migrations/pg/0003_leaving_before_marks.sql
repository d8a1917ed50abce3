-- Before there were marks, a mail that a sender held may have left.
UPDATE messages
SET marked_at = claimed_at, copies = (SELECT count(*) FROM attempts WHERE attempts.message_id = messages.id AND attempts.outcome IS NULL)
WHERE state = 'sending';
