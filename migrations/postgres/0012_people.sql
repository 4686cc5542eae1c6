CREATE TABLE "address_book" (
	"owner_id" text NOT NULL,
	"mailbox_id" text NOT NULL,
	"party" text NOT NULL,
	"name" text NOT NULL,
	"last_received_at" bigint,
	"last_sent_at" bigint,
	"listed_at" bigint NOT NULL,
	CONSTRAINT "address_book_owner_id_mailbox_id_pk" PRIMARY KEY("owner_id","mailbox_id")
);
--> statement-breakpoint
CREATE TABLE "address_book_keys" (
	"owner_id" text NOT NULL,
	"mailbox_id" text NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"party" text NOT NULL,
	CONSTRAINT "address_book_keys_owner_id_mailbox_id_key_pk" PRIMARY KEY("owner_id","mailbox_id","key")
);
--> statement-breakpoint
CREATE TABLE "contact_addresses" (
	"address" text PRIMARY KEY NOT NULL,
	"contact_id" text NOT NULL,
	"domain" text NOT NULL,
	"by_hand" boolean NOT NULL
);
--> statement-breakpoint
CREATE TABLE "correspondence" (
	"address" text NOT NULL,
	"mailbox_id" text NOT NULL,
	"names" jsonb NOT NULL,
	"first_received_at" bigint,
	"last_received_at" bigint,
	"first_sent_at" bigint,
	"last_sent_at" bigint,
	"seen_at" bigint NOT NULL,
	CONSTRAINT "correspondence_address_mailbox_id_pk" PRIMARY KEY("address","mailbox_id")
);
--> statement-breakpoint
CREATE TABLE "shared_domains" (
	"domain" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "contact_id" text;--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "organization_id" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "organization_by_hand" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "name_source" text DEFAULT 'hand' NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "open_to_all" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "merged_into_id" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD COLUMN "version" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "name_by_hand" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "open_to_all" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "merged_into_id" text;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "version" bigint DEFAULT 1 NOT NULL;--> statement-breakpoint
ALTER TABLE "contact_addresses" ADD CONSTRAINT "contact_addresses_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "correspondence" ADD CONSTRAINT "correspondence_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shared_domains" ADD CONSTRAINT "shared_domains_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "address_book_list" ON "address_book" USING btree ("party","mailbox_id","listed_at","owner_id");--> statement-breakpoint
CREATE INDEX "address_book_keys_search" ON "address_book_keys" USING btree ("party","mailbox_id","key","owner_id");--> statement-breakpoint
CREATE INDEX "contact_addresses_contact" ON "contact_addresses" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "contact_addresses_domain" ON "contact_addresses" USING btree ("domain");--> statement-breakpoint
CREATE INDEX "correspondence_mailbox" ON "correspondence" USING btree ("mailbox_id");--> statement-breakpoint
CREATE INDEX "events_contact" ON "events" USING btree ("contact_id","id") WHERE "events"."contact_id" is not null;--> statement-breakpoint
CREATE INDEX "events_organization" ON "events" USING btree ("organization_id","id") WHERE "events"."organization_id" is not null;