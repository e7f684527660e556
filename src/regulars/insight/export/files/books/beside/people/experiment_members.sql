-- In which arm of which experiment members are.
-- Table: experiment_member
-- Delta: whole
-- experiment text: the code of the experiment
-- member_id mem: who
-- arm text: the arm by name
-- since instant: since when
select e.code as experiment, m.member_id, e.arms[m.arm + 1] as arm, m.since
  from experiment_member m join experiment e using (program_id, experiment_id)
 where m.program_id = $1
