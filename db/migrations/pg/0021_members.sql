CREATE TABLE "people" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"email" text collate "C" NOT NULL,
	"language" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "members" (
	"person_id" text collate "C" NOT NULL,
	"organisation_id" text collate "C" NOT NULL,
	"role" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "members_pk" PRIMARY KEY("person_id","organisation_id")
);
--> statement-breakpoint
CREATE TABLE "editors" (
	"person_id" text collate "C" PRIMARY KEY NOT NULL,
	"label" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sign_ins" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"mailbox" text collate "C" NOT NULL,
	"person_id" text collate "C",
	"cookie" text collate "C" NOT NULL,
	"token" text collate "C" NOT NULL,
	"code" text collate "C" NOT NULL,
	"tries_left" integer NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"digest" text collate "C" NOT NULL,
	"person_id" text collate "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone NOT NULL,
	"fresh_until" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enrolments" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"token" text collate "C" NOT NULL,
	"mailbox" text collate "C" NOT NULL,
	"caller" text collate "C" NOT NULL,
	"choices" jsonb,
	"invitation_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "invitations" (
	"id" text collate "C" PRIMARY KEY NOT NULL,
	"token" text collate "C" NOT NULL,
	"organisation_id" text collate "C",
	"email" text collate "C",
	"role" text collate "C",
	"invited_by_id" text collate "C",
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "address_changes" (
	"person_id" text collate "C" PRIMARY KEY NOT NULL,
	"email" text collate "C" NOT NULL,
	"former_token" text collate "C" NOT NULL,
	"former_confirmed_at" timestamp (3) with time zone,
	"new_token" text collate "C" NOT NULL,
	"new_confirmed_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" DROP CONSTRAINT "messages_owner";--> statement-breakpoint
ALTER TABLE "completions" ADD COLUMN "outcome" text collate "C" DEFAULT 'submitted' NOT NULL;--> statement-breakpoint
ALTER TABLE "completions" ADD COLUMN "reason" text collate "C";--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "editors" ADD CONSTRAINT "editors_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sign_ins" ADD CONSTRAINT "sign_ins_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_organisation_id_organisations_id_fk" FOREIGN KEY ("organisation_id") REFERENCES "public"."organisations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_invited_by_id_people_id_fk" FOREIGN KEY ("invited_by_id") REFERENCES "public"."people"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "address_changes" ADD CONSTRAINT "address_changes_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "people_email" ON "people" USING btree ("email");--> statement-breakpoint
CREATE INDEX "members_organisation" ON "members" USING btree ("organisation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sign_ins_cookie" ON "sign_ins" USING btree ("cookie");--> statement-breakpoint
CREATE UNIQUE INDEX "sign_ins_token" ON "sign_ins" USING btree ("token");--> statement-breakpoint
CREATE INDEX "sign_ins_mailbox" ON "sign_ins" USING btree ("mailbox","created_at");--> statement-breakpoint
CREATE INDEX "sign_ins_person" ON "sign_ins" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sign_ins_created" ON "sign_ins" USING btree ("created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_digest" ON "sessions" USING btree ("digest");--> statement-breakpoint
CREATE INDEX "sessions_person" ON "sessions" USING btree ("person_id");--> statement-breakpoint
CREATE INDEX "sessions_end" ON "sessions" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "enrolments_token" ON "enrolments" USING btree ("token");--> statement-breakpoint
CREATE INDEX "enrolments_mailbox" ON "enrolments" USING btree ("mailbox","created_at");--> statement-breakpoint
CREATE INDEX "enrolments_caller" ON "enrolments" USING btree ("caller","created_at");--> statement-breakpoint
CREATE INDEX "enrolments_end" ON "enrolments" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token" ON "invitations" USING btree ("token");--> statement-breakpoint
CREATE INDEX "invitations_organisation" ON "invitations" USING btree ("organisation_id","email");--> statement-breakpoint
CREATE INDEX "invitations_inviter" ON "invitations" USING btree ("invited_by_id");--> statement-breakpoint
CREATE INDEX "invitations_end" ON "invitations" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "address_changes_former" ON "address_changes" USING btree ("former_token");--> statement-breakpoint
CREATE UNIQUE INDEX "address_changes_new" ON "address_changes" USING btree ("new_token");--> statement-breakpoint
CREATE INDEX "address_changes_end" ON "address_changes" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "messages_first" ON "messages" USING btree ("due_at") WHERE state || '' = 'pending' and kind in ('sign_in', 'no_account');--> statement-breakpoint
ALTER TABLE "messages" ADD CONSTRAINT "messages_owner" CHECK (("messages"."organisation_id" is null or "messages"."kind" <> 'operator') and ("messages"."recipient_id" is null or "messages"."organisation_id" is not null));