CREATE TABLE "exchange_connections" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"platform" text NOT NULL,
	"hybrid" boolean DEFAULT false NOT NULL,
	"settings" jsonb NOT NULL,
	"secrets" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_flips" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"run_id" text,
	"identity" text NOT NULL,
	"user" text NOT NULL,
	"other_names" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"rights" jsonb NOT NULL,
	"inheritance_type" text NOT NULL,
	"phase" text NOT NULL,
	"command" text NOT NULL,
	"tries" bigint DEFAULT 0 NOT NULL,
	"next_try_at" bigint,
	"message" text,
	"created_at" bigint NOT NULL,
	"closed_at" bigint
);
--> statement-breakpoint
CREATE TABLE "exchange_ledger" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"identity" text NOT NULL,
	"user" text,
	"did" text NOT NULL,
	"auto_mapping" boolean,
	"run_id" text,
	"done_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "exchange_mailboxes" (
	"id" text PRIMARY KEY NOT NULL,
	"connection_id" text NOT NULL,
	"identity" text NOT NULL,
	"wanted" text DEFAULT '' NOT NULL,
	"lists" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"guid" text DEFAULT '' NOT NULL,
	"mailbox_id" text,
	"flow" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"check_at" bigint,
	"checked_at" bigint,
	"drift" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"trouble" text,
	"created_at" bigint NOT NULL,
	"changed_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provisioning_runs" (
	"id" text PRIMARY KEY NOT NULL,
	"exchange_mailbox_id" text NOT NULL,
	"member_id" text,
	"state" text NOT NULL,
	"wanted" text NOT NULL,
	"lists" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"plan_hash" text NOT NULL,
	"snapshot_hash" text NOT NULL,
	"message" text,
	"created_at" bigint NOT NULL,
	"started_at" bigint,
	"ended_at" bigint
);
--> statement-breakpoint
CREATE TABLE "provisioning_steps" (
	"id" text PRIMARY KEY NOT NULL,
	"run_id" text NOT NULL,
	"number" bigint NOT NULL,
	"state" text NOT NULL,
	"phase" bigint NOT NULL,
	"cmdlet" text NOT NULL,
	"params" jsonb NOT NULL,
	"command" text NOT NULL,
	"risk" text NOT NULL,
	"reason" text NOT NULL,
	"message" text,
	"tries" bigint DEFAULT 0 NOT NULL,
	"request_id" text,
	"started_at" bigint,
	"ended_at" bigint
);
--> statement-breakpoint
ALTER TABLE "exchange_flips" ADD CONSTRAINT "exchange_flips_connection_id_exchange_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."exchange_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_flips" ADD CONSTRAINT "exchange_flips_run_id_provisioning_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."provisioning_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_ledger" ADD CONSTRAINT "exchange_ledger_connection_id_exchange_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."exchange_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_ledger" ADD CONSTRAINT "exchange_ledger_run_id_provisioning_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."provisioning_runs"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_mailboxes" ADD CONSTRAINT "exchange_mailboxes_connection_id_exchange_connections_id_fk" FOREIGN KEY ("connection_id") REFERENCES "public"."exchange_connections"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exchange_mailboxes" ADD CONSTRAINT "exchange_mailboxes_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provisioning_runs" ADD CONSTRAINT "provisioning_runs_exchange_mailbox_id_exchange_mailboxes_id_fk" FOREIGN KEY ("exchange_mailbox_id") REFERENCES "public"."exchange_mailboxes"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provisioning_runs" ADD CONSTRAINT "provisioning_runs_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "provisioning_steps" ADD CONSTRAINT "provisioning_steps_run_id_provisioning_runs_id_fk" FOREIGN KEY ("run_id") REFERENCES "public"."provisioning_runs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "exchange_flips_phase" ON "exchange_flips" USING btree ("phase","next_try_at");--> statement-breakpoint
CREATE INDEX "exchange_ledger_mailbox" ON "exchange_ledger" USING btree ("connection_id","identity","done_at");--> statement-breakpoint
CREATE UNIQUE INDEX "exchange_mailboxes_identity" ON "exchange_mailboxes" USING btree ("connection_id","identity");--> statement-breakpoint
CREATE INDEX "exchange_mailboxes_check" ON "exchange_mailboxes" USING btree ("check_at");--> statement-breakpoint
CREATE INDEX "provisioning_runs_mailbox" ON "provisioning_runs" USING btree ("exchange_mailbox_id","id");--> statement-breakpoint
CREATE INDEX "provisioning_runs_state" ON "provisioning_runs" USING btree ("state");--> statement-breakpoint
CREATE UNIQUE INDEX "provisioning_steps_number" ON "provisioning_steps" USING btree ("run_id","number");