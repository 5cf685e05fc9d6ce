-- What the rules' SQL may use besides the tables. DATE columns of the standard are text: parts of a date may be
-- unknown (1945-00-00, 1945-A1-00). An unknown date is NULL here, and nothing is ever wrong with NULL.

-- latest('juki_resident'): the rows in force: newest generation, not deleted.
create or replace macro latest(name) as table
  select * from query_table(name) where is_latest = '1' and is_deleted = '0';

-- undeleted('juki_resident'): every generation, without deleted rows.
create or replace macro undeleted(name) as table
  select * from query_table(name) where is_deleted = '0';

-- residents(): who lives here today: the newest generation of juki_resident with 住民状態 1.
create or replace macro residents() as table
  select * from query_table('juki_resident')
  where is_latest = '1' and is_deleted = '0' and resident_status = '1';

-- whole_day('2001-04-01'): the day; NULL where a part is unknown, and for the bounds 0000-01-01 and 9999-12-31
-- of a period without beginning or end.
create or replace macro whole_day(written) as
  case when written not in ('0000-01-01', '9999-12-31') then try_cast(written as date) end;

-- from_day, to_day: the bounds of a period. No beginning is the first of days, no end (blank or 9999-12-31) the last;
-- an unknown day is NULL.
create or replace macro from_day(written) as
  case when written is null or written = '0000-01-01' then date '0001-01-01' else whole_day(written) end;
create or replace macro to_day(written) as
  case when written is null or written = '9999-12-31' then date '9999-12-31' else whole_day(written) end;

-- year_of('1945-00-00'): 1945; NULL where the year itself is unknown (0000).
create or replace macro year_of(written) as nullif(try_cast(left(written, 4) as integer), 0);

-- age_on(birth, day): years completed on a day, counted from birthday to birthday.
create or replace macro age_on(birth, day) as
  year(day) - year(birth) - case when strftime(day, '%m%d') < strftime(birth, '%m%d') then 1 else 0 end;

-- legal_age_on(birth, day): years completed as 年齢計算ニ関スル法律 counts: an age is reached on the day before
-- the birthday (18 for the vote, 65 for 介護保険, 6 for school).
create or replace macro legal_age_on(birth, day) as age_on(birth, day + 1);

-- fiscal_year(day): the 年度, April to March.
create or replace macro fiscal_year(day) as year(day) - case when month(day) < 4 then 1 else 0 end;

-- school_number(birth, year): 1 to 9 for the nine years of compulsory school in that 年度; born from 2 April to
-- 1 April (学校教育法第17条). Smaller before, larger after.
create or replace macro school_number(birth, school_year) as school_year - fiscal_year(birth - 1) - 6;

-- school_grade(birth, year): the C053 code, E1 to E6 and J1 to J3; NULL outside school age.
create or replace macro school_grade(birth, school_year) as
  ['E1', 'E2', 'E3', 'E4', 'E5', 'E6', 'J1', 'J2', 'J3'][
    case when school_number(birth, school_year) between 1 and 9 then school_number(birth, school_year) end];

-- cut(amount, 100): 百円未満切捨て; cut(amount, 1000): 千円未満切捨て.
create or replace macro cut(amount, unit) as cast(floor(amount / unit) * unit as bigint);

-- closed_day(day): whether it is a Saturday, a Sunday or a holiday (holidays.csv, 1955 to 2030) or lies in
-- 29 December to 3 January.
create or replace macro closed_day(day) as
  dayofweek(day) in (0, 6) or strftime(day, '%m%d') >= '1229' or strftime(day, '%m%d') <= '0103'
  or day in (select holiday from holidays);

-- narrow_digits('１２'), narrow_capitals('ＡＢ'): 12, AB, half-width. translate() is slow, and capitals are rare.
create or replace macro narrow_digits(written) as
  replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
    written, '０', '0'), '１', '1'), '２', '2'), '３', '3'), '４', '4'), '５', '5'), '６', '6'), '７', '7'), '８', '8'), '９', '9');
create or replace macro narrow_capitals(written) as
  if(regexp_matches(written, '[Ａ-Ｚ]'),
    translate(written, 'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰＱＲＳＴＵＶＷＸＹＺ', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'), written);

-- plate_bare('山口　５８０　あ・・１２'): 山口580あ12, a number plate in one spelling: half-width, without blanks,
-- hyphens and dots.
create or replace macro plate_bare(written) as
  regexp_replace(narrow_capitals(narrow_digits(written)), '[\s　・･.．‐\-－−–ー]', '', 'g');

-- era_fits('03', '1988-04-01'): whether a date can bear the 年号 (C005). The last day of one era and the first of
-- the next may be the same day (1912-07-30, 1926-12-25). Where the day is unknown, its year decides; NULL where
-- nothing is known.
create or replace macro era_first(era) as case era when '01' then date '1868-01-01' when '02' then date '1912-07-30'
  when '03' then date '1926-12-25' when '04' then date '1989-01-08' when '05' then date '2019-05-01' end;
create or replace macro era_last(era) as case era when '01' then date '1912-07-30' when '02' then date '1926-12-25'
  when '03' then date '1989-01-07' when '04' then date '2019-04-30' when '05' then date '9999-12-31' end;
create or replace macro era_fits(era, written) as coalesce(
  whole_day(written) between era_first(era) and era_last(era),
  year_of(written) between year(era_first(era)) and year(era_last(era)));

-- fa_counted(taxable, 300000): what counts of land, buildings or assets: nothing below the 免税点 (地方税法第351条).
create or replace macro fa_counted(taxable, threshold) as case when taxable >= threshold then taxable else 0 end;

-- month_number('2025-04'): months counted through, so that they can be subtracted; NULL where the month is unknown (2025-00).
create or replace macro month_number(written) as
  case when right(written, 2) <> '00' then try_cast(left(written, 4) as integer) * 12 + try_cast(right(written, 2) as integer) - 1 end;
