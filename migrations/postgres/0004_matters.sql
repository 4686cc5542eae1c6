CREATE TABLE "refusals" (
	"issue_id" text NOT NULL,
	"other_id" text NOT NULL,
	"member_id" text NOT NULL,
	"at" bigint NOT NULL,
	CONSTRAINT "refusals_issue_id_other_id_pk" PRIMARY KEY("issue_id","other_id")
);
--> statement-breakpoint
CREATE TABLE "job_items" (
	"job_id" text NOT NULL,
	"position" bigint NOT NULL,
	"issue_id" text NOT NULL,
	"state" text NOT NULL,
	"undo" jsonb,
	CONSTRAINT "job_items_job_id_position_pk" PRIMARY KEY("job_id","position")
);
--> statement-breakpoint
CREATE TABLE "jobs" (
	"id" text PRIMARY KEY NOT NULL,
	"member_id" text NOT NULL,
	"act" jsonb NOT NULL,
	"state" text NOT NULL,
	"total" bigint NOT NULL,
	"done" bigint DEFAULT 0 NOT NULL,
	"skipped" bigint DEFAULT 0 NOT NULL,
	"undone_by_id" text,
	"error" text,
	"created_at" bigint NOT NULL,
	"finished_at" bigint
);
--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "status_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "assignee_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "issues" ADD COLUMN "merged_into_id" text;--> statement-breakpoint
ALTER TABLE "refusals" ADD CONSTRAINT "refusals_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "refusals" ADD CONSTRAINT "refusals_other_id_issues_id_fk" FOREIGN KEY ("other_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_items" ADD CONSTRAINT "job_items_job_id_jobs_id_fk" FOREIGN KEY ("job_id") REFERENCES "public"."jobs"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "job_items" ADD CONSTRAINT "job_items_issue_id_issues_id_fk" FOREIGN KEY ("issue_id") REFERENCES "public"."issues"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "jobs" ADD CONSTRAINT "jobs_member_id_members_id_fk" FOREIGN KEY ("member_id") REFERENCES "public"."members"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "refusals_other" ON "refusals" USING btree ("other_id");--> statement-breakpoint
CREATE INDEX "job_items_waiting" ON "job_items" USING btree ("job_id","state","position");--> statement-breakpoint
CREATE INDEX "job_items_issue" ON "job_items" USING btree ("issue_id");--> statement-breakpoint
CREATE INDEX "jobs_state" ON "jobs" USING btree ("state","created_at");--> statement-breakpoint
CREATE INDEX "jobs_member" ON "jobs" USING btree ("member_id","created_at");