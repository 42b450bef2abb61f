import { chartOf } from './charts.ts'

/** The buttons of all legends: each shows or hides a driver configuration in its chart. */
const buttons = document.querySelectorAll<HTMLButtonElement>('.legend button')

/** Makes the buttons of the legends work. */
export function connectLegends(): void {
  for (const button of buttons) {
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(!isPressed(button)))
      apply(button)
    })
  }
}

/** Shows and hides in the charts what their legends say. */
export function applyLegends(): void {
  for (const button of buttons) apply(button)
}

function apply(button: HTMLButtonElement): void {
  const { chart: id = '', series } = button.dataset
  const chart = chartOf(id)
  chart.setDatasetVisibility(Number(series), isPressed(button))
  chart.update('none')
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.getAttribute('aria-pressed') === 'true'
}
