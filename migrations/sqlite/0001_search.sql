-- Words come folded and split (server/issues/words.ts): the index only tells ASCII separators from the rest.
CREATE VIRTUAL TABLE search_index USING fts5(subject, sender, recipients, text, content='', contentless_delete=1, tokenize='ascii', prefix='2 3 4');
--> statement-breakpoint
CREATE TRIGGER search_docs_deleted AFTER DELETE ON search_docs BEGIN
  DELETE FROM search_index WHERE rowid = old.n;
END;
--> statement-breakpoint
CREATE TRIGGER bodies_written AFTER INSERT ON bodies BEGIN
  INSERT INTO search_queue (message_id, times) VALUES (new.message_id, 1) ON CONFLICT (message_id) DO UPDATE SET times = times + 1;
END;
--> statement-breakpoint
CREATE TRIGGER bodies_rewritten AFTER UPDATE OF text, quoted_from ON bodies BEGIN
  INSERT INTO search_queue (message_id, times) VALUES (new.message_id, 1) ON CONFLICT (message_id) DO UPDATE SET times = times + 1;
END;
