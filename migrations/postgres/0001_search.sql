CREATE TABLE search_index (n bigint PRIMARY KEY REFERENCES search_docs (n) ON DELETE CASCADE, words tsvector NOT NULL);
--> statement-breakpoint
CREATE INDEX search_index_words ON search_index USING gin (words);
--> statement-breakpoint
CREATE FUNCTION queue_for_search() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  INSERT INTO search_queue (message_id, times) VALUES (new.message_id, 1) ON CONFLICT (message_id) DO UPDATE SET times = search_queue.times + 1;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER bodies_written AFTER INSERT OR UPDATE OF text, quoted_from ON bodies FOR EACH ROW EXECUTE FUNCTION queue_for_search();
