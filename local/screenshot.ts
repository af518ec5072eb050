import { chromium } from 'playwright-core';
import { ServingServer } from './contract';
import { LocalRunFailure } from './failure';
import { findBrowser } from './tools/browser';

const PATIENCE_MILLISECONDS = 30_000;

/** The experiment's page as a signed-in person sees it; fails unless the run is on it, and nothing of the Assistant. */
export async function takeScreenshot(server: ServingServer, file: string): Promise<void> {
  const browser = await chromium.launch({ ...(await findBrowser()), headless: true });
  try {
    const context = await browser.newContext({
      httpCredentials: server.username ? { username: server.username, password: server.password } : undefined,
      viewport: { width: 1440, height: 900 },
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MILLISECONDS);
    await page.goto(`${server.url}/#/experiments/${server.experimentId}/runs`);
    await page.getByText(server.runName, { exact: true }).first().waitFor({ state: 'visible' });
    await page.screenshot({ path: file });
    // It is closed, and the page of a local host would show it.
    const shown = await page.locator('[data-assistant-ui]:visible').count();
    if (shown > 0) throw new LocalRunFailure('the page shows the Assistant, which answers nobody');
  } finally {
    await browser.close();
  }
}
