CREATE TABLE made_once (at timestamptz DEFAULT now());
INSERT INTO made_once DEFAULT VALUES;
