CREATE TABLE `document_scopes` (
	`document_key` text NOT NULL,
	`contract_year` integer NOT NULL,
	`care_type` text NOT NULL,
	PRIMARY KEY(`document_key`, `contract_year`, `care_type`),
	FOREIGN KEY (`document_key`) REFERENCES `documents`(`key`) ON UPDATE no action ON DELETE cascade
);
