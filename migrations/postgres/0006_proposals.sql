CREATE TABLE "contacts" (
	"id" text PRIMARY KEY NOT NULL,
	"organization_id" text,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"created_at" bigint NOT NULL,
	CONSTRAINT "contacts_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "organization_domains" (
	"domain" text PRIMARY KEY NOT NULL,
	"organization_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"name_key" text NOT NULL,
	"kind" text DEFAULT 'customer' NOT NULL,
	"zone" text,
	"us_federal" boolean DEFAULT false NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "custom_fields" (
	"id" text PRIMARY KEY NOT NULL,
	"label" text NOT NULL,
	"kind" text NOT NULL,
	"choices" jsonb NOT NULL,
	"position" bigint NOT NULL,
	"archived_at" bigint,
	CONSTRAINT "custom_fields_label_unique" UNIQUE("label")
);
--> statement-breakpoint
CREATE TABLE "fx_rates" (
	"currency" text NOT NULL,
	"day" text NOT NULL,
	"rate" text NOT NULL,
	"set_by_id" text,
	"set_at" bigint NOT NULL,
	CONSTRAINT "fx_rates_currency_day_pk" PRIMARY KEY("currency","day")
);
--> statement-breakpoint
CREATE TABLE "goals" (
	"id" text PRIMARY KEY NOT NULL,
	"period_start" text NOT NULL,
	"period_end" text NOT NULL,
	"member_id" text,
	"team_id" text,
	"pipeline_id" text,
	"amount_minor" bigint NOT NULL,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outcome_reasons" (
	"id" text PRIMARY KEY NOT NULL,
	"outcome" text NOT NULL,
	"label" text NOT NULL,
	"position" bigint NOT NULL,
	"needs_note" boolean DEFAULT false NOT NULL,
	"archived_at" bigint
);
--> statement-breakpoint
CREATE TABLE "pipelines" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"position" bigint NOT NULL,
	"archived_at" bigint,
	CONSTRAINT "pipelines_name_unique" UNIQUE("name")
);
--> statement-breakpoint
CREATE TABLE "sequences" (
	"name" text PRIMARY KEY NOT NULL,
	"n" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stages" (
	"id" text PRIMARY KEY NOT NULL,
	"pipeline_id" text NOT NULL,
	"label" text NOT NULL,
	"position" bigint NOT NULL,
	"probability" bigint NOT NULL,
	"category" text NOT NULL,
	"idle_after_days" bigint,
	"submitted" boolean DEFAULT false NOT NULL,
	"idle_from_expected" boolean DEFAULT false NOT NULL,
	"archived_at" bigint
);
--> statement-breakpoint
CREATE TABLE "proposal_amendments" (
	"id" text PRIMARY KEY NOT NULL,
	"proposal_id" text NOT NULL,
	"number" bigint NOT NULL,
	"received_at" bigint NOT NULL,
	"thread_id" text,
	"summary" text NOT NULL,
	"old_due_at" bigint,
	"new_due_at" bigint,
	"new_due_local" text,
	"new_due_zone" text,
	"acknowledged_by_id" text,
	"acknowledged_at" bigint,
	"created_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal_competitors" (
	"proposal_id" text NOT NULL,
	"organization_id" text NOT NULL,
	"role" text NOT NULL,
	"price_minor" bigint,
	"note" text DEFAULT '' NOT NULL,
	CONSTRAINT "proposal_competitors_proposal_id_organization_id_pk" PRIMARY KEY("proposal_id","organization_id")
);
--> statement-breakpoint
CREATE TABLE "proposal_contacts" (
	"proposal_id" text NOT NULL,
	"contact_id" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "proposal_contacts_proposal_id_contact_id_pk" PRIMARY KEY("proposal_id","contact_id")
);
--> statement-breakpoint
CREATE TABLE "proposal_fields" (
	"proposal_id" text NOT NULL,
	"field_id" text NOT NULL,
	"value" text NOT NULL,
	CONSTRAINT "proposal_fields_proposal_id_field_id_pk" PRIMARY KEY("proposal_id","field_id")
);
--> statement-breakpoint
CREATE TABLE "proposal_members" (
	"proposal_id" text NOT NULL,
	"member_id" text NOT NULL,
	"role" text NOT NULL,
	CONSTRAINT "proposal_members_proposal_id_member_id_role_pk" PRIMARY KEY("proposal_id","member_id","role")
);
--> statement-breakpoint
CREATE TABLE "proposal_milestones" (
	"id" text PRIMARY KEY NOT NULL,
	"proposal_id" text NOT NULL,
	"kind" text NOT NULL,
	"label" text DEFAULT '' NOT NULL,
	"local" text NOT NULL,
	"zone" text NOT NULL,
	"precision" text NOT NULL,
	"choice" text DEFAULT 'earlier' NOT NULL,
	"at" bigint NOT NULL,
	"done_at" bigint,
	"result" text,
	"decided_by_id" text,
	"note" text DEFAULT '' NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal_notes" (
	"id" text PRIMARY KEY NOT NULL,
	"proposal_id" text NOT NULL,
	"member_id" text NOT NULL,
	"text" text NOT NULL,
	"at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal_reasons" (
	"proposal_id" text NOT NULL,
	"reason_id" text NOT NULL,
	"is_primary" boolean NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	CONSTRAINT "proposal_reasons_proposal_id_reason_id_pk" PRIMARY KEY("proposal_id","reason_id")
);
--> statement-breakpoint
CREATE TABLE "proposal_threads" (
	"proposal_id" text NOT NULL,
	"thread_id" text NOT NULL,
	"kind" text NOT NULL,
	"source" text NOT NULL,
	"confidence" bigint NOT NULL,
	"why" text DEFAULT '' NOT NULL,
	"linked_by_id" text,
	"linked_at" bigint NOT NULL,
	"unlinked_by_id" text,
	"unlinked_at" bigint,
	CONSTRAINT "proposal_threads_proposal_id_thread_id_pk" PRIMARY KEY("proposal_id","thread_id")
);
--> statement-breakpoint
CREATE TABLE "proposal_history" (
	"id" text PRIMARY KEY NOT NULL,
	"proposal_id" text NOT NULL,
	"valid_from" bigint NOT NULL,
	"valid_to" bigint NOT NULL,
	"pipeline_id" text NOT NULL,
	"stage_id" text NOT NULL,
	"outcome" text NOT NULL,
	"probability" bigint NOT NULL,
	"is_override" boolean NOT NULL,
	"category" text NOT NULL,
	"is_category_override" boolean NOT NULL,
	"value_minor" bigint,
	"currency" text NOT NULL,
	"award_minor" bigint,
	"fx_at_decision" text,
	"expected_decision" text,
	"due_at" bigint,
	"owner_id" text,
	"team_id" text,
	"stage_since" bigint NOT NULL,
	"submitted_at" bigint,
	"bid_minor" bigint,
	"bid_currency" text NOT NULL,
	"decided_at" bigint,
	"push_count" bigint NOT NULL,
	"push_days" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"is_move" boolean NOT NULL,
	"changed" jsonb NOT NULL,
	"by_id" text,
	"cause" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"recorded_at" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "proposal_touches" (
	"proposal_id" text NOT NULL,
	"at" bigint NOT NULL,
	"kind" text NOT NULL,
	CONSTRAINT "proposal_touches_proposal_id_at_kind_pk" PRIMARY KEY("proposal_id","at","kind")
);
--> statement-breakpoint
CREATE TABLE "proposals" (
	"id" text PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"title" text NOT NULL,
	"pipeline_id" text NOT NULL,
	"stage_id" text NOT NULL,
	"outcome" text NOT NULL,
	"probability" bigint NOT NULL,
	"is_override" boolean NOT NULL,
	"category" text NOT NULL,
	"is_category_override" boolean NOT NULL,
	"value_minor" bigint,
	"currency" text NOT NULL,
	"award_minor" bigint,
	"fx_at_decision" text,
	"expected_decision" text,
	"due_at" bigint,
	"owner_id" text,
	"team_id" text,
	"stage_since" bigint NOT NULL,
	"submitted_at" bigint,
	"bid_minor" bigint,
	"bid_currency" text NOT NULL,
	"decided_at" bigint,
	"push_count" bigint NOT NULL,
	"push_days" bigint NOT NULL,
	"changed_at" bigint NOT NULL,
	"value_basis" text DEFAULT 'total' NOT NULL,
	"value_units" bigint,
	"organization_id" text,
	"source" text DEFAULT '' NOT NULL,
	"priority" text DEFAULT 'normal' NOT NULL,
	"solicitation_number" text DEFAULT '' NOT NULL,
	"solicitation_kind" text,
	"portal_url" text DEFAULT '' NOT NULL,
	"set_aside" text DEFAULT '' NOT NULL,
	"due_local" text,
	"due_zone" text,
	"due_precision" text DEFAULT 'time' NOT NULL,
	"due_choice" text DEFAULT 'earlier' NOT NULL,
	"received_at" bigint,
	"created_at" bigint NOT NULL,
	"bid_decided_at" bigint,
	"reopened_count" bigint DEFAULT 0 NOT NULL,
	"next_step" text DEFAULT '' NOT NULL,
	"next_step_on" text,
	"touched_at" bigint NOT NULL,
	"issue_id" text,
	"mailbox_id" text,
	"version" bigint DEFAULT 1 NOT NULL,
	"updated_at" bigint NOT NULL,
	"deleted_at" bigint,
	CONSTRAINT "proposals_number_unique" UNIQUE("number")
);
--> statement-breakpoint
ALTER TABLE "events" ADD COLUMN "proposal_id" text;--> statement-breakpoint
ALTER TABLE "contacts" ADD CONSTRAINT "contacts_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organization_domains" ADD CONSTRAINT "organization_domains_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "fx_rates" ADD CONSTRAINT "fx_rates_set_by_id_members_id_fk" FOREIGN KEY ("set_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "goals" ADD CONSTRAINT "goals_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "stages" ADD CONSTRAINT "stages_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_amendments" ADD CONSTRAINT "proposal_amendments_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_amendments" ADD CONSTRAINT "proposal_amendments_thread_id_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "public"."threads"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_amendments" ADD CONSTRAINT "proposal_amendments_acknowledged_by_id_members_id_fk" FOREIGN KEY ("acknowledged_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_competitors" ADD CONSTRAINT "proposal_competitors_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_competitors" ADD CONSTRAINT "proposal_competitors_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_contacts" ADD CONSTRAINT "proposal_contacts_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_contacts" ADD CONSTRAINT "proposal_contacts_contact_id_contacts_id_fk" FOREIGN KEY ("contact_id") REFERENCES "public"."contacts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_fields" ADD CONSTRAINT "proposal_fields_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_fields" ADD CONSTRAINT "proposal_fields_field_id_custom_fields_id_fk" FOREIGN KEY ("field_id") REFERENCES "public"."custom_fields"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_members" ADD CONSTRAINT "proposal_members_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_members" ADD CONSTRAINT "proposal_members_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_milestones" ADD CONSTRAINT "proposal_milestones_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_milestones" ADD CONSTRAINT "proposal_milestones_decided_by_id_members_id_fk" FOREIGN KEY ("decided_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_notes" ADD CONSTRAINT "proposal_notes_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_notes" ADD CONSTRAINT "proposal_notes_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_reasons" ADD CONSTRAINT "proposal_reasons_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_reasons" ADD CONSTRAINT "proposal_reasons_reason_id_outcome_reasons_id_fk" FOREIGN KEY ("reason_id") REFERENCES "public"."outcome_reasons"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_threads" ADD CONSTRAINT "proposal_threads_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_threads" ADD CONSTRAINT "proposal_threads_thread_id_threads_id_fk" FOREIGN KEY ("thread_id") REFERENCES "public"."threads"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_threads" ADD CONSTRAINT "proposal_threads_linked_by_id_members_id_fk" FOREIGN KEY ("linked_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_threads" ADD CONSTRAINT "proposal_threads_unlinked_by_id_members_id_fk" FOREIGN KEY ("unlinked_by_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_history" ADD CONSTRAINT "proposal_history_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_history" ADD CONSTRAINT "proposal_history_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_history" ADD CONSTRAINT "proposal_history_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "public"."stages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_history" ADD CONSTRAINT "proposal_history_owner_id_members_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_history" ADD CONSTRAINT "proposal_history_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal_touches" ADD CONSTRAINT "proposal_touches_proposal_id_proposals_id_fk" FOREIGN KEY ("proposal_id") REFERENCES "public"."proposals"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_pipeline_id_pipelines_id_fk" FOREIGN KEY ("pipeline_id") REFERENCES "public"."pipelines"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_stage_id_stages_id_fk" FOREIGN KEY ("stage_id") REFERENCES "public"."stages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_owner_id_members_id_fk" FOREIGN KEY ("owner_id") REFERENCES "public"."members"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_team_id_teams_id_fk" FOREIGN KEY ("team_id") REFERENCES "public"."teams"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposals" ADD CONSTRAINT "proposals_mailbox_id_mailboxes_id_fk" FOREIGN KEY ("mailbox_id") REFERENCES "public"."mailboxes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "contacts_organization" ON "contacts" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "organization_domains_organization" ON "organization_domains" USING btree ("organization_id");--> statement-breakpoint
CREATE UNIQUE INDEX "organizations_name" ON "organizations" USING btree ("name_key");--> statement-breakpoint
CREATE INDEX "goals_period" ON "goals" USING btree ("period_start");--> statement-breakpoint
CREATE UNIQUE INDEX "outcome_reasons_label" ON "outcome_reasons" USING btree ("outcome","label");--> statement-breakpoint
CREATE INDEX "stages_pipeline" ON "stages" USING btree ("pipeline_id","position");--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_amendments_number" ON "proposal_amendments" USING btree ("proposal_id","number");--> statement-breakpoint
CREATE INDEX "proposal_competitors_organization" ON "proposal_competitors" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "proposal_contacts_contact" ON "proposal_contacts" USING btree ("contact_id");--> statement-breakpoint
CREATE INDEX "proposal_fields_value" ON "proposal_fields" USING btree ("field_id","value");--> statement-breakpoint
CREATE INDEX "proposal_members_member" ON "proposal_members" USING btree ("member_id");--> statement-breakpoint
CREATE INDEX "proposal_milestones_proposal" ON "proposal_milestones" USING btree ("proposal_id","at");--> statement-breakpoint
CREATE INDEX "proposal_milestones_at" ON "proposal_milestones" USING btree ("at");--> statement-breakpoint
CREATE INDEX "proposal_notes_proposal" ON "proposal_notes" USING btree ("proposal_id","at");--> statement-breakpoint
CREATE INDEX "proposal_reasons_reason" ON "proposal_reasons" USING btree ("reason_id");--> statement-breakpoint
CREATE INDEX "proposal_threads_thread" ON "proposal_threads" USING btree ("thread_id");--> statement-breakpoint
CREATE UNIQUE INDEX "proposal_history_once" ON "proposal_history" USING btree ("proposal_id","valid_from");--> statement-breakpoint
CREATE INDEX "proposal_history_time" ON "proposal_history" USING btree ("valid_to","valid_from");--> statement-breakpoint
CREATE INDEX "proposal_history_moves" ON "proposal_history" USING btree ("is_move","valid_from");--> statement-breakpoint
CREATE INDEX "proposals_open" ON "proposals" USING btree ("outcome","pipeline_id","stage_id");--> statement-breakpoint
CREATE INDEX "proposals_due" ON "proposals" USING btree ("outcome","due_at");--> statement-breakpoint
CREATE INDEX "proposals_updated" ON "proposals" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "proposals_owner" ON "proposals" USING btree ("owner_id","outcome");--> statement-breakpoint
CREATE INDEX "proposals_organization" ON "proposals" USING btree ("organization_id");--> statement-breakpoint
CREATE INDEX "proposals_solicitation" ON "proposals" USING btree ("solicitation_number") WHERE "proposals"."solicitation_number" <> '';--> statement-breakpoint
CREATE UNIQUE INDEX "proposals_issue" ON "proposals" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "events_proposal" ON "events" USING btree ("proposal_id","id") WHERE "events"."proposal_id" is not null;
