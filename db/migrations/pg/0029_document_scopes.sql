CREATE TABLE "document_scopes" (
	"document_key" text collate "C" NOT NULL,
	"contract_year" integer NOT NULL,
	"care_type" text collate "C" NOT NULL,
	CONSTRAINT "document_scopes_pk" PRIMARY KEY("document_key","contract_year","care_type")
);
--> statement-breakpoint
ALTER TABLE "document_scopes" ADD CONSTRAINT "document_scopes_document_key_documents_key_fk" FOREIGN KEY ("document_key") REFERENCES "public"."documents"("key") ON DELETE cascade ON UPDATE no action;