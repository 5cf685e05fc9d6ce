-- As macros.sql; but what these macros give is made once in a run, and many rules use it. So they have no parameters,
-- know nothing of $as_of, and keep no more than is asked of them.

-- persons(): every 宛名番号 of residents (present and former) and of 住登外 natural persons.
create or replace macro persons() as table
  select atena_no from query_table('juki_resident') where is_deleted = '0'
  union
  select atena_no from query_table('atena_nonresident') where is_deleted = '0';

-- addressees(): persons() and bodies (法人, 共有者).
create or replace macro addressees() as table
  select atena_no from query_table('juki_resident') where is_deleted = '0'
  union
  select atena_no from query_table('atena_nonresident') where is_deleted = '0'
  union
  select atena_no from query_table('atena_corporation') where is_deleted = '0';

-- accounts(): what rc_account demands, one row a notice: `levied` its whole sum (a cancelled instalment is 0), `_row` its
-- first instalment, and `complete` whether paid instalments of that year and subject were kept: often only arrears are.
create or replace macro accounts() as table
  with notices as (
    select subject_code, levy_year, tax_year, notice_no, sum(if(levy_kind = '5', 0, levied)) as levied,
      arg_min(_row, term) as _row, bool_or(paid_off = '1') as paid
    from query_table('rc_account')
    where is_latest = '1' and is_deleted = '0'
    group by all
  ), years as (
    select subject_code, levy_year, bool_or(paid) or levy_year = max(levy_year) over (partition by subject_code) as complete
    from notices
    group by subject_code, levy_year
  )
  select n.subject_code, n.levy_year, n.tax_year, n.notice_no, n.levied, n._row, y.complete
  from notices n
  join years y on y.subject_code is not distinct from n.subject_code and y.levy_year is not distinct from n.levy_year;
