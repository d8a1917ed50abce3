CREATE TABLE "public_changes" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"number" integer,
	"public_at" timestamp (3) with time zone,
	"deadline_id" text collate "C" NOT NULL,
	"from_revision" integer NOT NULL,
	"revision" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit" (
	"number" integer PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"by" text collate "C" NOT NULL,
	"what" text collate "C" NOT NULL,
	"subject" text collate "C" NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"hash" text collate "C" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "revisions" ADD COLUMN "change_id" text collate "C";--> statement-breakpoint
ALTER TABLE "notices" ADD COLUMN "change_id" text collate "C";--> statement-breakpoint
ALTER TABLE "public_changes" ADD CONSTRAINT "public_changes_deadline_id_deadlines_id_fk" FOREIGN KEY ("deadline_id") REFERENCES "public"."deadlines"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "public_changes_number" ON "public_changes" USING btree ("number");--> statement-breakpoint
CREATE UNIQUE INDEX "public_changes_once" ON "public_changes" USING btree ("deadline_id","revision");--> statement-breakpoint
ALTER TABLE "revisions" ADD CONSTRAINT "revisions_change_id_public_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."public_changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices" ADD CONSTRAINT "notices_change_id_public_changes_id_fk" FOREIGN KEY ("change_id") REFERENCES "public"."public_changes"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE FUNCTION "audit_is_append_only"() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the audit is append only'; END $$;--> statement-breakpoint
CREATE TRIGGER "audit_no_change" BEFORE UPDATE OR DELETE ON "audit" FOR EACH ROW EXECUTE FUNCTION "audit_is_append_only"();--> statement-breakpoint
CREATE TRIGGER "audit_no_truncate" BEFORE TRUNCATE ON "audit" FOR EACH STATEMENT EXECUTE FUNCTION "audit_is_append_only"();
