CREATE TABLE "attempts" (
	"message_id" text collate "C" NOT NULL,
	"number" integer NOT NULL,
	"started_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"outcome" text collate "C",
	"code" integer,
	"response" text collate "C",
	CONSTRAINT "attempts_pk" PRIMARY KEY("message_id","number")
);
--> statement-breakpoint
CREATE TABLE "completions" (
	"organisation_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"completed_on" date NOT NULL,
	"by" text collate "C" NOT NULL,
	"evidence" text collate "C",
	"recorded_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "completions_pk" PRIMARY KEY("organisation_id","deadline_id")
);
--> statement-breakpoint
CREATE TABLE "deadline_roles" (
	"deadline_id" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	CONSTRAINT "deadline_roles_pk" PRIMARY KEY("deadline_id","role")
);
--> statement-breakpoint
CREATE TABLE "deadlines" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"key" text collate "C" NOT NULL,
	"insurer_slug" text collate "C",
	"contract_year" integer NOT NULL,
	"care_type" text collate "C" NOT NULL,
	"activity" text collate "C" NOT NULL,
	"slot" integer,
	"revision" integer NOT NULL,
	"sequence" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "deadlines_slot" CHECK ("deadlines"."slot" between 1 and 4)
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"key" text collate "C" PRIMARY KEY NOT NULL,
	"title" text collate "C" NOT NULL,
	"version" text collate "C",
	"url" text collate "C",
	"published_on" date,
	"remarks" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"insurer_slug" text collate "C" NOT NULL,
	"contract_year" integer NOT NULL,
	"occurred_on" date NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "feeds" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"label" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "insurer_documents" (
	"insurer_slug" text collate "C" NOT NULL,
	"document_key" text collate "C" NOT NULL,
	"position" integer NOT NULL,
	CONSTRAINT "insurer_documents_pk" PRIMARY KEY("insurer_slug","document_key")
);
--> statement-breakpoint
CREATE TABLE "insurers" (
	"slug" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"kind" text collate "C" NOT NULL,
	"website" text collate "C",
	"aliases" jsonb NOT NULL,
	"contacts" jsonb NOT NULL,
	"remarks" jsonb NOT NULL,
	"version" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "keys" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C",
	"label" text collate "C" NOT NULL,
	"hash" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "messages" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"key" text collate "C" NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"recipient_id" text collate "C",
	"kind" text collate "C" NOT NULL,
	"due_at" timestamp (3) with time zone NOT NULL,
	"state" text collate "C" NOT NULL,
	"reason" text collate "C",
	"claim" integer NOT NULL,
	"claimed_at" timestamp (3) with time zone,
	"attempts" integer NOT NULL,
	"message_id" text collate "C",
	"subject" text collate "C",
	"raw" "bytea",
	"sent_at" timestamp (3) with time zone,
	"response" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organisations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"name" text collate "C" NOT NULL,
	"language" text collate "C" NOT NULL,
	"roles" jsonb NOT NULL,
	"parent_id" text collate "C",
	"version" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "own_terms" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"sequence" integer NOT NULL,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "recipients" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"email" text collate "C" NOT NULL,
	"lead_days" jsonb NOT NULL,
	"digest" text collate "C" NOT NULL,
	"status" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	"unsubscribed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "relations" (
	"organisation_id" text collate "C" NOT NULL,
	"insurer_slug" text collate "C" NOT NULL,
	"contract_status" text collate "C" NOT NULL,
	"preferred" boolean NOT NULL,
	CONSTRAINT "relations_pk" PRIMARY KEY("organisation_id","insurer_slug")
);
--> statement-breakpoint
CREATE TABLE "reminders" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"recipient_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"last_safe_on" date NOT NULL,
	"lead_days" integer NOT NULL,
	"message_id" text collate "C",
	"state" text collate "C" NOT NULL,
	"reason" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "revisions" (
	"deadline_id" text collate "C" NOT NULL,
	"number" integer NOT NULL,
	"origin" text collate "C" NOT NULL,
	"digest" text collate "C",
	"reason" text collate "C",
	"announced_on" date,
	"revised_at" timestamp (3) with time zone NOT NULL,
	"status" text collate "C" NOT NULL,
	"title" text collate "C" NOT NULL,
	"rule" jsonb NOT NULL,
	"boundary" text collate "C",
	"due_on" date,
	"last_safe_on" date,
	"certainty" text collate "C" NOT NULL,
	"basis" jsonb,
	"reporting_year" integer,
	"actors" jsonb NOT NULL,
	"on_behalf_of" jsonb NOT NULL,
	"contract_status" text collate "C" NOT NULL,
	"deliverable" text collate "C",
	"channel" jsonb,
	"consequence" jsonb,
	"extension" jsonb,
	"sources" jsonb NOT NULL,
	"conflict" jsonb,
	CONSTRAINT "revisions_pk" PRIMARY KEY("deadline_id","number"),
	CONSTRAINT "revisions_unknown_has_no_day" CHECK ("revisions"."certainty" <> 'unknown' or "revisions"."due_on" is null),
	CONSTRAINT "revisions_days_together" CHECK (("revisions"."due_on" is null) = ("revisions"."last_safe_on" is null))
);
--> statement-breakpoint
CREATE TABLE "senders" (
	"holder" text collate "C" PRIMARY KEY NOT NULL,
	"host" text collate "C" NOT NULL,
	"pid" integer NOT NULL,
	"renewed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "settings" (
	"name" text collate "C" PRIMARY KEY NOT NULL,
	"value" text collate "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "steps" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"deadline_id" text collate "C" NOT NULL,
	"title" text collate "C" NOT NULL,
	"due_on" date NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "attempts" ADD CONSTRAINT "attempts_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "completions" ADD CONSTRAINT "completions_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "completions" ADD CONSTRAINT "completions_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadline_roles" ADD CONSTRAINT "deadline_roles_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "deadlines" ADD CONSTRAINT "deadlines_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "events" ADD CONSTRAINT "events_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "feeds" ADD CONSTRAINT "feeds_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "insurer_documents" ADD CONSTRAINT "insurer_documents_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "insurer_documents" ADD CONSTRAINT "insurer_documents_document_key_documents_key_fk" FOREIGN KEY ("document_key") REFERENCES "public"."documents"("key") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "keys" ADD CONSTRAINT "keys_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_recipient_id_recipients_id_fk" FOREIGN KEY ("recipient_id") REFERENCES "public"."recipients"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "organisations" ADD CONSTRAINT "organisations_parent_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."organisations"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_terms" ADD CONSTRAINT "own_terms_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "own_terms" ADD CONSTRAINT "own_terms_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recipients" ADD CONSTRAINT "recipients_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_insurer_slug_insurers_slug_fk" FOREIGN KEY ("insurer_slug") REFERENCES "public"."insurers"("slug") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_recipient_id_recipients_id_fk" FOREIGN KEY ("recipient_id") REFERENCES "public"."recipients"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reminders" ADD CONSTRAINT "reminders_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "steps" ADD CONSTRAINT "steps_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "deadline_roles_role" ON "deadline_roles" USING btree ("role");--> statement-breakpoint
CREATE UNIQUE INDEX "deadlines_key" ON "deadlines" USING btree ("key");--> statement-breakpoint
CREATE INDEX "deadlines_insurer_year" ON "deadlines" USING btree ("insurer_slug","contract_year");--> statement-breakpoint
CREATE UNIQUE INDEX "events_once" ON "events" USING btree ("organisation_id","kind","insurer_slug","contract_year");--> statement-breakpoint
CREATE UNIQUE INDEX "feeds_hash" ON "feeds" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "feeds_organisation" ON "feeds" USING btree ("organisation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "keys_hash" ON "keys" USING btree ("hash");--> statement-breakpoint
CREATE INDEX "keys_organisation" ON "keys" USING btree ("organisation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "messages_key" ON "messages" USING btree ("key");--> statement-breakpoint
CREATE INDEX "messages_due" ON "messages" USING btree ("state","due_at");--> statement-breakpoint
CREATE INDEX "messages_organisation" ON "messages" USING btree ("organisation_id");--> statement-breakpoint
CREATE INDEX "messages_recipient" ON "messages" USING btree ("recipient_id");--> statement-breakpoint
CREATE INDEX "organisations_parent" ON "organisations" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "own_terms_once" ON "own_terms" USING btree ("organisation_id","deadline_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recipients_once" ON "recipients" USING btree ("organisation_id","email");--> statement-breakpoint
CREATE INDEX "relations_insurer" ON "relations" USING btree ("insurer_slug");--> statement-breakpoint
CREATE UNIQUE INDEX "reminders_once" ON "reminders" USING btree ("recipient_id","deadline_id","organisation_id","last_safe_on","lead_days");--> statement-breakpoint
CREATE INDEX "reminders_message" ON "reminders" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "revisions_due_on" ON "revisions" USING btree ("due_on");--> statement-breakpoint
CREATE INDEX "steps_of" ON "steps" USING btree ("organisation_id","deadline_id");